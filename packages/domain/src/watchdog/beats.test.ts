import { describe, expect, it } from "vitest";
import { beatsAfter, lateParts, type PartRun } from "./beats.ts";

const ran = (part: string): PartRun => ({ part, duration_ms: 5, reached: "all" });
const failed = (part: string): PartRun => ({ part, duration_ms: 5, reached: undefined });

describe("the beats of a sweep", () => {
  it("tell when each part ran through, and that of the whole", () => {
    const beats = beatsAfter({}, [ran("due"), ran("lanes")], 90, 100);
    expect(beats).toMatchObject({
      due: { at: 100, duration_ms: 5, reached: "all" },
      sweep: { at: 100, duration_ms: 10, reached: "all parts ran through" },
    });
  });

  it("keep the old one of a part that failed, so that it grows late while the sweep goes on", () => {
    let beats = beatsAfter({}, [ran("due"), ran("lanes")], 0, 0);
    for (const now of [60, 120, 180, 240]) beats = beatsAfter(beats, [ran("due"), failed("lanes")], now, now);
    expect(beats.sweep?.reached).toBe("failed: lanes");
    expect([180, 181].map((late_ms) => lateParts(beats, 240, late_ms))).toEqual([["lanes"], ["lanes"]]);
    expect(lateParts(beats, 240, 240)).toEqual([]);
  });

  it("are late of a part that never ran through, from the first sweep on that tried it", () => {
    let beats = beatsAfter({}, [ran("due"), failed("lanes")], 0, 0);
    for (const now of [60, 120, 180]) beats = beatsAfter(beats, [ran("due"), failed("lanes")], now, now);
    expect(lateParts(beats, 180, 179)).toEqual(["lanes"]);
    expect(lateParts(beats, 180, 180)).toEqual([]);
  });

  it("are forgotten of a part that there is no more", () => {
    expect(beatsAfter(beatsAfter({}, [ran("old")], 0, 0), [ran("due")], 60, 60)).not.toHaveProperty("old");
  });

  it("are all late when the sweep stands still", () => {
    const beats = beatsAfter({}, [ran("due")], 0, 0);
    expect(lateParts(beats, 181, 180)).toEqual(["due", "sweep"]);
  });
});
