import { expect, test } from "vitest";
import { type CacheMinute, cacheCounts } from "./cache-counts.ts";

function counting() {
  const time = { now: 5_000 };
  const told: CacheMinute[] = [];
  const note = cacheCounts({ now: () => time.now }, (minute) => told.push(minute));
  const ask = (reads: number, hits: number) => {
    for (let n = 0; n < reads; n++) note(n < hits);
  };
  return { time, told, ask };
}

test("a minute is told once, with the first read after it", () => {
  const { time, told, ask } = counting();
  ask(100, 90);
  time.now += 59_999;
  ask(20, 5);
  expect(told).toEqual([]);
  time.now += 1;
  ask(1, 0);
  expect(told).toEqual([{ reads: 120, hits: 95 }]);
  time.now += 60_000;
  ask(80, 80);
  time.now += 60_000;
  ask(1, 1);
  // The minute in between had one read, and says nothing.
  expect(told).toEqual([
    { reads: 120, hits: 95 },
    { reads: 80, hits: 80 },
  ]);
});

test("a minute of fewer than sixty reads says nothing", () => {
  const { time, told, ask } = counting();
  for (const reads of [59, 3, 60]) {
    ask(reads, 0);
    time.now += 60_000;
  }
  ask(1, 0);
  expect(told).toEqual([{ reads: 60, hits: 0 }]);
});
