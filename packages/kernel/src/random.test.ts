import { describe, expect, test } from "vitest";
import { pick, seededRandom, systemRandom } from "./random.ts";

describe.each([
  ["the machine's source", systemRandom],
  ["a seeded source", seededRandom(1)],
])("%s", (_, random) => {
  test("gives numbers from 0 up to, but never 1, in every tenth about as many", () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let n = 0; n < 20_000; n++) {
      const drawn = random();
      expect(drawn >= 0 && drawn < 1).toBe(true);
      tenths[Math.floor(drawn * 10)] = (tenths[Math.floor(drawn * 10)] ?? 0) + 1;
    }
    // Seven standard deviations below 2,000: a fair source gets there once in 10^11 runs.
    for (const count of tenths) expect(count).toBeGreaterThan(1_700);
  });

  test("does not repeat itself from block to block", () => {
    const drawn = Array.from({ length: 3_000 }, () => random());
    expect(new Set(drawn).size).toBeGreaterThan(2_990);
  });
});

test("a seed replays the same, another seed something else", () => {
  const first = (seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 8 }, () => random());
  };
  expect(first(42)).toEqual(first(42));
  expect(first(42)).not.toEqual(first(43));
});

describe("one of a list", () => {
  test.each([
    [0, "a"],
    [0.49, "b"],
    [1 - 2 ** -32, "d"],
  ])("chance %d gives %s", (chance, member) => {
    expect(pick(() => chance, ["a", "b", "c", "d"])).toBe(member);
  });

  test("of an empty one is undefined", () => {
    expect(pick(() => 0, [])).toBeUndefined();
  });
});
