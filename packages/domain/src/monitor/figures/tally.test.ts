import { describe, expect, test } from "vitest";
import { added, type Batch, newTally, type Tally } from "./tally.ts";

/** A batch of records with consecutive numbers, each of which moves the figure by one. */
const batch = (from: number, to: number, scope = "s", shard = ""): Batch => {
  const numbers = Array.from({ length: to - from + 1 }, (_, n) => from + n);
  return {
    first: `${shard}${from}`,
    last: `${shard}${to}`,
    records: numbers.length,
    moves: numbers.map((_, at) => ({ scope, figure: "f", by: 1, at })),
  };
};
const after = (...batches: Batch[]): number | undefined =>
  batches.reduce<Tally>((tally, next) => added(tally, next) ?? tally, newTally("s")).totals.f;

describe("a batch counts once", () => {
  test.each<[string, Batch[], number]>([
    ["by itself", [batch(1, 10)], 10],
    ["that comes twice in a row", [batch(1, 10), batch(1, 10)], 10],
    ["that comes again after other shards'", [batch(1, 10), batch(1, 5, "s", "b"), batch(1, 10)], 15],
    ["that comes again in two halves", [batch(1, 10), batch(1, 5), batch(6, 10)], 10],
    ["that comes again in four parts from its end on", [batch(1, 10), batch(6, 10), batch(8, 10)], 10],
    ["that comes again with more behind it", [batch(1, 10), batch(1, 15)], 15],
    ["of which a half was added before", [batch(1, 5), batch(1, 10), batch(1, 10)], 10],
    ["and the next one counts, too", [batch(1, 10), batch(11, 20)], 20],
  ])("%s", (_, batches, sum) => {
    expect(after(...batches)).toBe(sum);
  });

  test("and what is of another tally is left to that", () => {
    expect(added(newTally("s"), batch(1, 10, "other"))).toBeUndefined();
  });
});
