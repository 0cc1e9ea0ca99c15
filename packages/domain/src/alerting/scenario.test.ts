import { describe, expect, it, test } from "vitest";
import { at, ends, fires, HOUR, RECEIVERS, routingFrom, said, swift, told } from "./scenario.fixture.ts";
import { runScenario } from "./scenario.ts";

const MINUTE = 60;

it("leaves every decision in the alert's log", () => {
  const routing =
    routingFrom(`${RECEIVERS}route: { receiver: slack, escalation: night, group_wait: 0s, group_interval: 1m }
escalations: [{ name: night, steps: [{ after: 0s, receiver: oncall }] }]
inhibit_rules: [{ source_matchers: [alertname="mass"], target_matchers: [alertname="slow"] }]`);
  const silences = [
    {
      silence_id: "sil_1",
      matchers: ["agent_id=a1"],
      starts_at: at(0),
      ends_at: at(60),
      author: "ann",
      comment: "known",
    },
  ];
  const mass = { alertname: "mass", labels: {} };
  const signals = [said(-60, "pending"), fires(0), fires(60, mass), ends(90, mass), ends(300)];
  const { entries } = runScenario({ routing, silences, signals, until: at(HOUR) });
  const first = entries[0]?.alert_id;
  const lines = entries.filter(({ alert_id }) => alert_id === first).map(({ decision, why }) => `${decision} ${why}`);
  expect(lines.map((line) => line.replace(/ntf_\w+|\([0-9a-f]{16}\)/, "…"))).toEqual([
    "pending pending since 2026-01-05T09:59:00.000Z",
    "firing firing since 2026-01-05T10:00:00.000Z",
    "matched route {}",
    'grouped under {}:{alertname="slow"}',
    "silenced by sil_1 of ann: known",
    "inhibited by mass …",
    "unmuted no longer inhibited by mass …",
    "escalated step 1 of 1, to oncall",
    "queued firing to oncall as …: escalated",
    "resolved the condition is over",
    "queued resolved to oncall as …: changed",
  ]);
});

describe("escalation and acknowledgement", () => {
  const climbing = routingFrom(`${RECEIVERS}route: { receiver: slack, escalation: night, group_wait: 0s }
escalations: [{ name: night, steps: [{ after: 0s, receiver: oncall }, { after: 10m, receiver: mail }, { after: 25m, receiver: slack }] }]`);
  const acknowledged = (minutes: number) => ({ at: at(minutes * MINUTE), do: "acknowledge", alert: "slow" }) as const;
  const until = 3 * HOUR;

  it.each([
    {
      what: "each step comes in its time, in place of the route's receiver",
      signals: [fires(0)],
      acts: [],
      lines: ["0 oncall escalated: firing a1", "600 mail escalated: firing a1", "1500 slack escalated: firing a1"],
    },
    {
      what: "the end reaches those who were told, and no others",
      signals: [fires(0), ends(700)],
      acts: [],
      lines: [
        "0 oncall escalated: firing a1",
        "600 mail escalated: firing a1",
        "700 oncall changed: resolved a1",
        "900 mail changed: resolved a1",
      ],
    },
    {
      what: "an acknowledgement holds the later steps; as it lapses the current one comes again, and the next at its distance",
      signals: [fires(0)],
      acts: [acknowledged(8)],
      lines: [
        "0 oncall escalated: firing a1",
        "2280 oncall lapsed: firing a1",
        "2880 mail escalated: firing a1",
        "3780 slack escalated: firing a1",
      ],
    },
    {
      what: "one that is said again holds on",
      signals: [fires(0), ends(65 * MINUTE)],
      acts: [acknowledged(8), acknowledged(37)],
      lines: ["0 oncall escalated: firing a1", "3900 oncall changed: resolved a1"],
    },
    {
      what: "it does not outlive its occurrence",
      signals: [fires(0), ends(20 * MINUTE), fires(30 * MINUTE), ends(45 * MINUTE)],
      acts: [acknowledged(8)],
      lines: [
        "0 oncall escalated: firing a1",
        "1200 oncall changed: resolved a1",
        "1800 oncall escalated: firing a1",
        "2400 mail escalated: firing a1",
        "2700 oncall changed: resolved a1",
        "2700 mail changed: resolved a1",
      ],
    },
    {
      what: "a step that the sweep missed comes late, and the next at its distance",
      signals: [fires(0)],
      acts: [{ at: at(5 * MINUTE), do: "pause_sweep", for_ms: 40 * MINUTE * 1_000 } as const],
      lines: ["0 oncall escalated: firing a1", "2700 mail escalated: firing a1", "3600 slack escalated: firing a1"],
    },
  ])("$what", ({ signals, acts, lines }) => {
    expect(told({ routing: climbing, signals, acts, until })).toEqual(lines);
  });

  it("one of a milder alert does not keep its rise from those whom that concerns, and holds their later steps", () => {
    const routing = routingFrom(`${RECEIVERS}route:
  receiver: slack
  group_wait: 0s
  routes: [{ matchers: ['severity="critical"'], receiver: slack, escalation: night }]
escalations: [{ name: night, steps: [{ after: 0s, receiver: oncall }, { after: 0s, receiver: mail }] }]`);
    const signals = [fires(0), fires(900, { severity: "critical" }), ends(1_200)];
    const scenario = { routing, acts: [acknowledged(8)], until };
    expect(told({ ...scenario, signals })).toEqual([
      "0 slack new: firing a1",
      "900 oncall escalated: firing a1",
      "1200 slack changed: resolved a1",
      "1200 oncall changed: resolved a1",
    ]);
    const taken_on_again = { at: at(900), do: "acknowledge", alert: "slow" } as const;
    const silent = { ...scenario, signals, acts: [...scenario.acts, taken_on_again] };
    expect(told(silent)).toEqual(["0 slack new: firing a1", "1200 slack changed: resolved a1"]);
  });

  it("goes round as often as `loops` says", () => {
    const routing = routingFrom(`${RECEIVERS}route: { receiver: slack, escalation: night, group_wait: 0s }
escalations: [{ name: night, loops: 2, steps: [{ after: 0s, receiver: oncall }, { after: 10m, receiver: mail }] }]`);
    expect(told({ routing, signals: [fires(0)], until })).toEqual([
      "0 oncall escalated: firing a1",
      "600 mail escalated: firing a1",
      "1200 oncall escalated: firing a1",
      "1800 mail escalated: firing a1",
    ]);
  });

  it("opens an alert again that a person resolved too early, as another occurrence", () => {
    const acts = [{ at: at(90), do: "resolve", alert: "slow" } as const];
    const scenario = { routing: swift, signals: [fires(0), ends(600)], acts };
    expect(told(scenario)).toEqual([
      "0 slack new: firing a1",
      "90 slack changed: resolved a1",
      "120 slack new: firing a1",
      "600 slack changed: resolved a1",
    ]);
    const { entries, alerts } = runScenario({ ...scenario, until: at(HOUR) });
    const first = entries[0]?.alert_id;
    expect(alerts[0]?.previous).toBe(first);
    expect(entries.find(({ decision }) => decision === "reopened")?.why).toContain(first);
  });

  test("what nobody knows cannot be acknowledged", () => {
    const { refused } = runScenario({
      routing: swift,
      signals: [fires(0), ends(60)],
      acts: [acknowledged(5)],
      until: at(HOUR),
    });
    expect(refused).toEqual([{ at: at(300), why: "no alert slow is open" }]);
  });
});
