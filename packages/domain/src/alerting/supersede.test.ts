import { expect, it } from "vitest";
import type { Notice } from "./notice.ts";
import { at, ends, fires, routingFrom } from "./scenario.fixture.ts";
import { runScenario } from "./scenario.ts";
import { supersede } from "./supersede.ts";

const routing = routingFrom(
  "receivers: [{ name: slack, type: slack }]\nroute: { receiver: slack, group_wait: 0s, group_interval: 1s }",
);
const a2 = { labels: { agent_id: "a2" } };

/** What a receiver is owed that was away while all of these were told; `heard` of the first ones came through. */
function owed(signals: Parameters<typeof runScenario>[0]["signals"], heard = 0): string[] | undefined {
  const { notices } = runScenario({
    routing,
    signals,
    until: at(3_600),
  });
  const waiting = notices.slice(heard);
  const left = waiting
    .slice(1)
    .reduce<Notice | undefined>((held, next) => (held ? supersede(held, next) : next), waiting[0]);
  return (
    left && [
      left.notification.status,
      ...left.notification.alerts.map(({ status, labels }) => `${status} ${labels.agent_id}`),
    ]
  );
}

it.each([
  { what: "began and ended", signals: [fires(0), ends(60)], heard: 0, left: undefined },
  {
    what: "began and goes on",
    signals: [fires(0), fires(60, a2)],
    heard: 0,
    left: ["firing", "firing a1", "firing a2"],
  },
  { what: "ended", signals: [fires(0), ends(60)], heard: 1, left: ["resolved", "resolved a1"] },
  {
    what: "ended, while another began and ended",
    signals: [fires(0), ends(60), fires(70, a2), ends(80, a2)],
    heard: 1,
    left: ["resolved", "resolved a1"],
  },
  {
    what: "ended, while another began",
    signals: [fires(0), ends(60), fires(70, a2)],
    heard: 1,
    left: ["firing", "firing a2", "resolved a1"],
  },
  { what: "ended and began again", signals: [fires(0), ends(60), fires(70)], heard: 1, left: ["firing", "firing a1"] },
  {
    what: "ended, began again and ended",
    signals: [fires(0), ends(60), fires(70), ends(80)],
    heard: 1,
    left: ["resolved", "resolved a1"],
  },
  {
    what: "began, ended and began again",
    signals: [fires(0), ends(60), fires(70)],
    heard: 0,
    left: ["firing", "firing a1"],
  },
  {
    what: "began beside one that ended unheard",
    signals: [fires(0), fires(60, a2), ends(70)],
    heard: 0,
    left: ["firing", "firing a2"],
  },
])("of what $what in an outage it is told $left", ({ signals, heard, left }) => {
  expect(owed(signals, heard)).toEqual(left);
});

it("what waits for a receiver that is away for long stays within what a row holds, and the ends that it leaves out are counted", () => {
  const crowd = Array.from({ length: 60 }, (_, n) => ({
    labels: { agent_id: `b${n}` },
    annotations: { description: "x".repeat(9_000) },
  }));
  const signals = [...crowd.map((alert, n) => fires(n, alert)), ...crowd.map((alert, n) => ends(100 + 2 * n, alert))];
  const { notices } = runScenario({ routing, signals: [fires(0), ...signals], until: at(3_600) });
  let held: Notice | undefined;
  let left_out = 0;
  for (const next of notices.filter(({ at: told }) => told >= at(100))) {
    held = held === undefined ? next : supersede(held, next);
    left_out += held?.notification.truncatedAlerts ?? 0;
    expect(JSON.stringify(held).length).toBeLessThan(190_000);
  }
  expect(held?.notification.alerts.filter(({ status }) => status === "resolved").length).toBeGreaterThan(10);
  expect(left_out).toBeGreaterThan(0);
});
