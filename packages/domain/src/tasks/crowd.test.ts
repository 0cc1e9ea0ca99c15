import { describe, expect, test } from "vitest";
import { contextAt, limits, MINUTE, NOW, SECOND, taskRow } from "../../../../tests/harness/task-row.ts";
import type { ReadyLanes, Take } from "../store.ts";
import { countedTakes, crowdOf } from "./crowd.ts";
import type { ReadyEntry } from "./model.ts";

/** So many takes over the first minute, and a last one after it; whether any of them said that the lane is crowded. */
function judged(won: number, failed: number, last: { won: boolean; at?: number } = { won: false }) {
  const crowd = crowdOf(limits);
  const takes = [...Array.from({ length: won }, () => true), ...Array.from({ length: failed }, () => false)];
  const during = takes.map((one, n) => crowd.took("lane", one, NOW + Math.floor((n * 59 * SECOND) / takes.length)));
  return { during: during.some(Boolean), after: crowd.took("lane", last.won, NOW + (last.at ?? MINUTE)), crowd };
}

describe("a lane is crowded when more than a third of its takes fail over a minute", () => {
  test.each([
    [20, 10, false],
    [19, 10, true],
    [0, 20, true],
    [100, 50, false],
    [100, 51, true],
    // Fewer than 20 takes say nothing, whatever became of them.
    [0, 19, false],
    [10, 9, false],
    [13, 7, true],
  ])("%i won and %i failed: %s", (won, failed, crowded) => {
    expect(judged(won, failed).after).toBe(crowded);
  });

  test("it is judged once the minute is over, by a take that fails, and by no other", () => {
    expect(judged(10, 20).during).toBe(false);
    expect(judged(10, 20, { won: false, at: MINUTE - 1 }).after).toBe(false);
    expect(judged(10, 20, { won: true }).after).toBe(false);
    const { crowd } = judged(10, 20, { won: true });
    expect(crowd.took("lane", false, NOW + MINUTE + 1)).toBe(true);
  });

  test("each minute is judged for itself", () => {
    const { crowd, after } = judged(0, 30);
    expect(after).toBe(true);
    expect(crowd.took("lane", false, NOW + 2 * MINUTE)).toBe(false);
    expect(crowd.took("lane", false, NOW + 3 * MINUTE)).toBe(false);
  });

  test("each lane is judged for itself", () => {
    const { crowd } = judged(0, 30, { won: true });
    expect(crowd.took("other", false, NOW + 2 * MINUTE)).toBe(false);
    expect(crowd.took("lane", false, NOW + 2 * MINUTE)).toBe(true);
  });
});

describe("takes of a process", () => {
  const entry = (ready_lane: string) => ({ ready_lane }) as ReadyEntry;

  /** Lanes whose takes go as they are told, and a book that writes down what is to grow. */
  function process() {
    const grown: string[] = [];
    const answers: boolean[] = [];
    const lanes = { take: async () => (answers.shift() ? taskRow() : undefined) } as unknown as ReadyLanes;
    const book = { grow: async (_ctx: unknown, lane: string) => void grown.push(lane) };
    const counted = countedTakes({ lanes, book: book as never, limits });
    return {
      grown,
      async take(ready_lane: string, won: boolean, at: number) {
        answers.push(won);
        return counted.take(contextAt(at), entry(ready_lane), {} as Take);
      },
    };
  }

  test("answer as they did, and make a crowded lane grow, all its shards taken together", async () => {
    const { grown, take } = process();
    for (let n = 0; n < 30; n++) {
      const task = await take(`crowded#${n % 2}`, n % 2 === 0, NOW + n);
      expect(task !== undefined).toBe(n % 2 === 0);
      await take("calm#0", n % 4 !== 0, NOW + n);
    }
    expect(grown).toEqual([]);
    await take("calm#0", false, NOW + MINUTE);
    await take("crowded#1", false, NOW + MINUTE + 1);
    expect(grown).toEqual(["crowded"]);
  });
});
