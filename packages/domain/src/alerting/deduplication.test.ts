import { describe, expect, it } from "vitest";
import { a2, at, critical, ends, fires, HOUR, plain, RECEIVERS, routingFrom, swift, told } from "./scenario.fixture.ts";
import { runScenario } from "./scenario.ts";

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

  it("a build without it tells at each look, and in the window; the end once", () => {
    const routing = routingFrom(`${RECEIVERS}route: { receiver: slack, group_wait: 0s, group_interval: 10s }`, false);
    const signals = [fires(0, window), ends(25, window), fires(35, window), ends(36, window)];
    expect(told({ routing, signals, until: HOUR })).toEqual([
      "0 slack new: firing a1",
      "10 slack changed: firing a1",
      "20 slack changed: firing a1",
      "30 slack changed: resolved a1",
      "35 slack new: firing a1",
      "45 slack changed: resolved a1",
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
