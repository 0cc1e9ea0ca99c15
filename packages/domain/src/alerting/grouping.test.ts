import { describe, expect, it } from "vitest";
import { a2, critical, ends, fires, HOUR, plain, RECEIVERS, routingFrom, said, told } from "./scenario.fixture.ts";

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
