import { describe, expect, it, test } from "vitest";
import { at, ends, fires, HOUR, routingFrom, said, told } from "./scenario.fixture.ts";
import { runScenario } from "./scenario.ts";

const MINUTE = 60;
const critical = { severity: "critical" } as const;
const a2 = { labels: { agent_id: "a2" } };

const RECEIVERS = `receivers:
  - { name: slack, type: slack }
  - { name: mail, type: email }
  - { name: oncall, type: pagerduty }
  - { name: mute, type: webhook, send_resolved: false }
`;
const plain = routingFrom(`${RECEIVERS}route: { receiver: slack, group_by: [alertname] }`);
/** Nothing waits, so that other rules show. */
const swift = routingFrom(`${RECEIVERS}route: { receiver: slack, group_wait: 0s, group_interval: 1s }`);

describe("grouping", () => {
  it.each([
    { what: "one alert waits for company", signals: [fires(0)], lines: ["30 slack new: firing a1"] },
    {
      what: "what comes within the wait is told together",
      signals: [fires(0), fires(20, a2)],
      lines: ["30 slack new: firing a1, firing a2"],
    },
    {
      what: "what comes later waits for the interval",
      signals: [fires(0), fires(40, a2), ends(100)],
      lines: ["30 slack new: firing a1", "330 slack changed: firing a2, resolved a1"],
    },
    {
      what: "after a quiet interval a change is told at once",
      signals: [fires(0), fires(1_000, a2)],
      lines: ["30 slack new: firing a1", "1000 slack changed: firing a1, firing a2"],
    },
    { what: "a critical one does not wait", signals: [fires(0, critical)], lines: ["0 slack new: firing a1"] },
    {
      what: "a critical one takes along who waits",
      signals: [fires(0), fires(10, { ...critical, ...a2 })],
      lines: ["10 slack new: firing a1, firing a2"],
    },
    { what: "what is over within the wait is never told", signals: [fires(0), ends(20)], lines: [] },
    {
      what: "another alert is another group, with its own wait",
      signals: [fires(0), fires(10, { alertname: "stuck" })],
      lines: ["30 slack new: firing a1", "40 slack new: firing a1"],
    },
    {
      what: "the next life of a group waits anew and for no interval",
      signals: [fires(0), ends(40), fires(340)],
      lines: ["30 slack new: firing a1", "330 slack changed: resolved a1", "370 slack new: firing a1"],
    },
    {
      what: "what ended and began again in between is no news",
      signals: [fires(0), ends(40), fires(50), ends(1_000)],
      lines: ["30 slack new: firing a1", "1000 slack changed: resolved a1"],
    },
    { what: "nobody is told of what pends", signals: [said(0, "pending"), ends(60)], lines: [] },
  ])("$what", ({ signals, lines }) => {
    expect(told({ routing: plain, signals, until: 4 * HOUR - 1 })).toEqual(lines);
  });

  it("gives each alert a group of its own where `...` says so", () => {
    const routing = routingFrom(`${RECEIVERS}route: { receiver: slack, group_by: ['...'] }`);
    expect(told({ routing, signals: [fires(0), fires(0, a2)], until: 60 })).toEqual([
      "30 slack new: firing a1",
      "30 slack new: firing a2",
    ]);
  });

  it("keeps a wait that a route under the first one sets, for critical alerts too", () => {
    const routing = routingFrom(
      `${RECEIVERS}route: { receiver: slack, group_wait: 1m, routes: [{ matchers: [agent_id="a2"], group_wait: 10s }] }`,
    );
    expect(told({ routing, signals: [fires(0, critical), fires(0, { ...critical, ...a2 })], until: 60 })).toEqual([
      "0 slack new: firing a1",
      "10 slack new: firing a2",
    ]);
  });
});

describe("deduplication", () => {
  const window = { deduplication_window_ms: 300_000 };

  it.each([
    {
      what: "twice in the window: one firing, with the resolve between",
      signals: [fires(0, window), ends(10, window), fires(20, window), ends(100, window)],
      lines: ["0 slack new: firing a1", "10 slack changed: resolved a1"],
    },
    {
      what: "a second firing that lasts is sent at the window's end",
      signals: [fires(0, window), ends(10, window), fires(20, window)],
      lines: ["0 slack new: firing a1", "10 slack changed: resolved a1", "300 slack new: firing a1"],
    },
    {
      what: "at the window's end it is over",
      signals: [fires(0, window), ends(10, window), fires(300, window)],
      lines: ["0 slack new: firing a1", "10 slack changed: resolved a1", "300 slack new: firing a1"],
    },
    {
      what: "a worse second firing is sent at once",
      signals: [fires(0, window), ends(10, window), fires(20, { ...window, ...critical })],
      lines: ["0 slack new: firing a1", "10 slack changed: resolved a1", "20 slack severity: firing a1"],
    },
    {
      what: "a held-back alert does not ride along with others",
      signals: [fires(0, window), ends(10, window), fires(20, window), fires(30, { ...window, ...a2 })],
      lines: [
        "0 slack new: firing a1",
        "10 slack changed: resolved a1",
        "30 slack new: firing a2",
        "300 slack changed: firing a1, firing a2",
      ],
    },
    {
      what: "other labels are another alert",
      signals: [fires(0, window), ends(10, window), fires(20, { ...window, ...a2 })],
      lines: ["0 slack new: firing a1", "10 slack changed: resolved a1", "20 slack new: firing a2"],
    },
    {
      what: "without a window a second firing is sent",
      signals: [fires(0), ends(10), fires(20)],
      lines: ["0 slack new: firing a1", "10 slack changed: resolved a1", "20 slack new: firing a1"],
    },
    {
      what: "a severity that rises is sent at once, whatever the interval",
      signals: [fires(0), fires(0.5, critical)],
      lines: ["0 slack new: firing a1", "0.5 slack severity: firing a1"],
    },
    {
      what: "one that falls is no news, nor is a rise to what was told",
      signals: [fires(0, critical), fires(10), fires(20, critical)],
      lines: ["0 slack new: firing a1"],
    },
    {
      what: "neither value nor annotations are news",
      signals: [fires(0), fires(60, { value: 7, annotations: { summary: "still slow" } })],
      lines: ["0 slack new: firing a1"],
    },
    { what: "an older word than the last is none", signals: [fires(60), ends(30)], lines: ["60 slack new: firing a1"] },
  ])("$what", ({ signals, lines }) => {
    expect(told({ routing: swift, signals, until: 4 * HOUR - 1 })).toEqual(lines);
  });

  it("says again what has not changed after repeat_interval", () => {
    expect(told({ routing: plain, signals: [fires(0)], until: 9 * HOUR })).toEqual([
      "30 slack new: firing a1",
      "14430 slack repeated: firing a1",
      "28830 slack repeated: firing a1",
    ]);
  });

  it("logs why a firing is held back", () => {
    const signals = [fires(0, window), ends(10, window), fires(20, window), fires(20, { ...window, ...a2 })];
    const { entries } = runScenario({ routing: swift, signals, until: at(60) });
    const held = entries.filter(({ decision }) => decision === "deduplicated").map(({ why }) => why);
    expect(new Set(held)).toEqual(
      new Set(["slack was told of a firing within the window, which ends at 2026-01-05T10:05:00.000Z"]),
    );
  });

  it("logs that what began again was never told to be over", () => {
    const { entries } = runScenario({ routing: plain, signals: [fires(0), ends(40), fires(50)], until: at(HOUR) });
    const line = "slack has not been told of the last end, and knows it as firing";
    expect(entries.filter(({ decision }) => decision === "deduplicated").map(({ why }) => why)).toEqual([line]);
  });
});

describe("silences, inhibition and mute times", () => {
  const silence = (from: number, until: number) => ({
    silence_id: "sil_1",
    matchers: ['agent_id="a1"'],
    starts_at: at(from),
    ends_at: at(until),
    author: "ann",
    comment: "known",
  });
  const inhibiting = routingFrom(`${RECEIVERS}route: { receiver: slack, group_wait: 0s, group_interval: 1m }
inhibit_rules:
  - { source_matchers: [alertname="mass"], target_matchers: [alertname="slow"], equal: [zone] }
`);
  const mass = { alertname: "mass", labels: {} };
  const nights = routingFrom(`${RECEIVERS}route: { receiver: slack, group_wait: 0s, mute_times: [nights] }
mute_times: [{ name: nights, times: [{ hours: ['18:00-24:00'], zone: UTC }] }]`);

  it.each([
    {
      what: "who was told of the firing hears of the end through a silence",
      routing: swift,
      silences: [silence(10, 1_000)],
      signals: [fires(0), ends(60)],
      lines: ["0 slack new: firing a1", "60 slack changed: resolved a1"],
    },
    {
      what: "who was told nothing hears nothing",
      routing: swift,
      silences: [silence(0, 1_000)],
      signals: [fires(0), ends(60)],
      lines: [],
    },
    {
      what: "what outlasts its silence is told",
      routing: plain,
      silences: [silence(0, 70)],
      signals: [fires(0)],
      lines: ["70 slack new: firing a1"],
    },
    {
      what: "a silence of one says nothing of others",
      routing: plain,
      silences: [silence(0, 1_000)],
      signals: [fires(0), fires(0, a2)],
      lines: ["30 slack new: firing a2", "1000 slack changed: firing a1, firing a2"],
    },
    {
      what: "an inhibited alert is told when the source has ended",
      routing: inhibiting,
      silences: [],
      signals: [fires(0, mass), fires(10), ends(100, mass)],
      lines: ["0 slack new: firing mass", "100 slack changed: resolved mass", "130 slack new: firing a1"],
    },
    {
      what: "its end reaches whoever was told before",
      routing: inhibiting,
      silences: [],
      signals: [fires(0), fires(10, mass), ends(70)],
      lines: ["0 slack new: firing a1", "10 slack new: firing mass", "70 slack changed: resolved a1"],
    },
    {
      what: "labels that must be equal and are not let it pass",
      routing: inhibiting,
      silences: [],
      signals: [fires(0, mass), fires(10, { labels: { agent_id: "a1", zone: "b" } })],
      lines: ["0 slack new: firing mass", "10 slack new: firing a1"],
    },
    {
      what: "a mute time holds a firing back until it ends",
      routing: nights,
      silences: [],
      signals: [fires(9 * HOUR)],
      lines: ["50400 slack new: firing a1"],
    },
    {
      what: "an end passes it",
      routing: nights,
      silences: [],
      signals: [fires(7 * HOUR), ends(9 * HOUR)],
      lines: ["25200 slack new: firing a1", "32400 slack changed: resolved a1"],
    },
  ])("$what", ({ routing, silences, signals, lines }) => {
    const shown = told({ routing, silences, signals, until: 14.1 * HOUR });
    expect(shown.filter((line) => !line.includes("repeated")).map((line) => line.replace("slow", "a1"))).toEqual(lines);
  });
});

describe("routing", () => {
  it("adds the rule's receivers, and tells one that both name once", () => {
    const routing = ["slack", "mail"];
    const lines = told({ routing: plain, signals: [fires(0, { routing }), ends(400, { routing })], until: HOUR });
    expect(lines).toEqual([
      "30 slack new: firing a1",
      "30 mail new: firing a1",
      "400 slack changed: resolved a1",
      "400 mail changed: resolved a1",
    ]);
  });

  it("sends no resolve where send_resolved is false, and a later firing all the same", () => {
    const routing = routingFrom(`${RECEIVERS}route: { receiver: mute, group_wait: 0s, group_interval: 1s }`);
    expect(told({ routing, signals: [fires(0), ends(60), fires(120)], until: HOUR })).toEqual([
      "0 mute new: firing a1",
      "120 mute new: firing a1",
    ]);
  });

  it("leads an alert elsewhere when its severity rises, and tells of its end wherever it was told", () => {
    const routing = routingFrom(
      `${RECEIVERS}route: { receiver: slack, group_wait: 0s, routes: [{ matchers: [severity="critical"], receiver: oncall }] }`,
    );
    const signals = [fires(0), fires(10, critical), fires(20), ends(600)];
    expect(told({ routing, signals, until: HOUR })).toEqual([
      "0 slack new: firing a1",
      "10 oncall new: firing a1",
      "600 slack changed: resolved a1",
      "600 oncall changed: resolved a1",
    ]);
  });
});

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
    "sent firing to oncall as …: escalated",
    "resolved the condition is over",
    "sent resolved to oncall as …: changed",
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
