import { seededRandom } from "@omoios/kernel/random";
import { expect, it } from "vitest";
import { busFaults } from "./bus-faults.ts";

it("nothing goes wrong before it is told to, nor when its time is over", () => {
  let now = 0;
  const faults = busFaults(() => now, seededRandom(1));
  expect(faults.delaysOf()).toEqual([0]);
  faults.begin("double_events", 1, 60_000);
  now = 59_999;
  expect(faults.delaysOf()).toEqual([0, 0]);
  now = 60_000;
  expect(faults.delaysOf()).toEqual([0]);
});

it("goes wrong in the share that was named, each fault by itself, and 0 ends it", () => {
  const faults = busFaults(() => 0, seededRandom(2));
  faults.begin("double_events", 0.5, 60_000);
  faults.begin("reorder_events", 0.25, 60_000);
  const all = Array.from({ length: 2_000 }, () => faults.delaysOf());
  const share = (struck: (delays: number[]) => boolean) => all.filter(struck).length / all.length;
  expect(share((delays) => delays.length === 2)).toBeCloseTo(0.5, 1);
  expect(share(([first = 0]) => first > 0)).toBeCloseTo(0.25, 1);
  const late = all.flatMap(([first = 0]) => (first > 0 ? [first] : []));
  expect([Math.min(...late), Math.max(...late)]).toEqual([2, 20]);
  // What comes twice comes once in time.
  expect(new Set(all.flatMap(([, second]) => second ?? []))).toEqual(new Set([0]));
  for (const fault of ["double_events", "reorder_events"] as const) faults.begin(fault, 0, 0);
  expect(faults.delaysOf()).toEqual([0]);
});
