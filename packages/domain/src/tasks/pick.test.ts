import { seededRandom } from "@omoios/kernel/random";
import { describe, expect, test } from "vitest";
import { MINUTE, NOW } from "../../../../tests/harness/task-row.ts";
import type { LaneHint } from "../store.ts";
import type { PairRow, ReadyEntry } from "./model.ts";
import { lanesToTry, pickOrder, retryAfterMs } from "./pick.ts";

const entry = (name: string, after_ms: number): ReadyEntry => ({
  task_id: `task_${name}` as ReadyEntry["task_id"],
  fence: 0,
  timeout_seconds: 60,
  virtual_start: NOW + after_ms,
  ready_lane: "lane#0",
});
const orders = (entries: ReadyEntry[], avoided: string[] = []) => {
  const random = seededRandom(1);
  const avoid = (task_id: string) => avoided.includes(task_id.replace("task_", ""));
  return Array.from({ length: 300 }, () =>
    pickOrder(entries, { spread_ms: MINUTE, avoid, random })
      .map(({ task_id }) => task_id.replace("task_", ""))
      .join(""),
  );
};

describe("entries within one minute of the page's first are equally good, the rest stays in order", () => {
  const page = [entry("a", 0), entry("b", 30_000), entry("c", MINUTE), entry("d", MINUTE + 1), entry("e", 2 * MINUTE)];

  test("each of those begins some orders, none of the others any", () => {
    const seen = orders(page);
    const begins = (name: string) => seen.filter((order) => order.startsWith(name)).length;
    for (const name of ["a", "b", "c"]) expect(begins(name)).toBeGreaterThan(60);
    for (const order of seen) expect(order).toMatch(/^[abc]{3}de$/);
    // All six orders of the three come, so that claimers who lose the first do not all run for the same second.
    expect(new Set(seen).size).toBe(6);
  });

  test.each([
    // What the agent failed lately is offered last, and is still offered.
    ["one that is near", ["a"], /^[bc]{2}dea$/],
    ["one that is far", ["d"], /^[abc]{3}ed$/],
    ["the whole minute", ["a", "b", "c"], /^de[abc]{3}$/],
    ["everything", ["a", "b", "c", "d", "e"], /^[abc]{3}de$/],
  ])("%s is avoided: it comes last", (_, avoided, pattern) => {
    for (const order of orders(page, avoided)) expect(order).toMatch(pattern);
  });

  test("an empty page gives an empty order", () => {
    expect(pickOrder([], { spread_ms: MINUTE, avoid: () => false, random: () => 0.5 })).toEqual([]);
  });
});

const pair = (lane: string, shards = 1): PairRow => ({
  version: 1,
  class_id: "class",
  lane,
  phase_id: "PHASE_A",
  shards,
});
const hint = (lane: string, ...shards: [depth: number, first: number | undefined][]): [string, LaneHint] => [
  lane,
  { lane, shards: shards.map(([depth, first], shard) => ({ shard, depth, first })) },
];
const tried = (pairs: PairRow[], hints: [string, LaneHint][], random = () => 0.5) =>
  lanesToTry(pairs, new Map(hints), { most: 3, one_in: 16, random });

describe("lanes are tried by their hints: the oldest first entry first, three at most", () => {
  test.each<[string, PairRow[], [string, LaneHint][], string[]]>([
    ["a class without lanes tries none", [], [], []],
    [
      "by the first entry",
      [pair("a"), pair("b"), pair("c")],
      [hint("a", [1, 30]), hint("b", [1, 10]), hint("c", [1, 20])],
      ["b#0", "c#0", "a#0"],
    ],
    ["depth does not count", [pair("a"), pair("b")], [hint("a", [900, 20]), hint("b", [1, 10])], ["b#0", "a#0"]],
    [
      "no fourth",
      ["a", "b", "c", "d"].map((lane) => pair(lane)),
      [hint("a", [1, 4]), hint("b", [1, 3]), hint("c", [1, 2]), hint("d", [1, 1])],
      ["d#0", "c#0", "b#0"],
    ],
    [
      "empty lanes are left out, and those of no hint",
      [pair("a"), pair("b"), pair("c")],
      [hint("a", [0, 1]), hint("c", [2, 9])],
      ["c#0"],
    ],
    // Batches of the stream may be counted twice: a depth below zero is no work.
    ["a depth below zero is empty", [pair("a"), pair("b")], [hint("a", [-3, 1]), hint("b", [1, 2])], ["b#0"]],
    ["another class's lanes are not looked at", [pair("a")], [hint("a", [1, 9]), hint("x", [1, 1])], ["a#0"]],
    [
      "a lane counts by the oldest of its shards that hold work",
      [pair("a", 2), pair("b")],
      [hint("a", [0, 1], [1, 30]), hint("b", [1, 20])],
      ["b#0", "a#1"],
    ],
  ])("%s", (_, pairs, hints, expected) => {
    expect(tried(pairs, hints)).toEqual(expected);
  });

  test("a lane's shards that hold work are tried in random order, also such as it no longer has", () => {
    const random = seededRandom(2);
    const hints = [hint("a", [1, 1], [0, 1], [1, 1], [1, 1], [1, 1])];
    const given = { most: 3, one_in: 1e9, random };
    const seen = Array.from({ length: 200 }, () => lanesToTry([pair("a", 2)], new Map(hints), given));
    for (const shards of seen) expect(new Set(shards).size).toBe(3);
    expect([...new Set(seen.flat())].sort()).toEqual(["a#0", "a#2", "a#3", "a#4"]);
    expect(new Set(seen.map(([first]) => first)).size).toBe(4);
  });
});

describe("a hint may be wrong", () => {
  const pairs = [pair("full"), pair("silent", 4)];

  test("one call in 16 looks at a random lane and shard first", () => {
    const random = seededRandom(3);
    const calls = 16_000;
    const silent = Array.from({ length: calls }, () => tried(pairs, [hint("full", [1, 1])], random))
      .flat()
      .filter((lane) => lane.startsWith("silent"));
    // Half of the random calls fall on the lane without a hint: 500, give or take five standard deviations.
    expect(silent.length).toBeGreaterThan(390);
    expect(silent.length).toBeLessThan(610);
    expect(new Set(silent)).toEqual(new Set(["silent#0", "silent#1", "silent#2", "silent#3"]));
  });

  test("and then by the hints as ever: a hint that holds is not passed over for it", () => {
    const random = seededRandom(5);
    const three = [hint("a", [1, 3]), hint("b", [1, 1]), hint("c", [1, 2])];
    const lanes = ["a", "b", "c", "silent"].map((lane) => pair(lane));
    const seen = new Set(Array.from({ length: 4_000 }, () => tried(lanes, three, random).join(" ")));
    expect(seen).toEqual(new Set(["b#0 c#0 a#0", "a#0 b#0 c#0", "c#0 b#0 a#0", "silent#0 b#0 c#0"]));
  });

  test("so does every call that sees no hint of work, and it looks at one only", () => {
    const random = seededRandom(4);
    const seen = Array.from({ length: 400 }, () => tried(pairs, [], random));
    for (const lanes of seen) expect(lanes).toHaveLength(1);
    expect(new Set(seen.flat())).toEqual(new Set(["full#0", "silent#0", "silent#1", "silent#2", "silent#3"]));
  });
});

describe("an empty answer says when to ask again: 1 s after work, rising to 20 s", () => {
  const limits = { least: 1_000, most: 20_000 };
  test.each([
    [0, 1_000],
    [1, 2_000],
    [2, 4_000],
    [4, 16_000],
    [5, 20_000],
    [5_000, 20_000],
  ])("after %i empty answers in a row about %i ms, a quarter less or more", (empty, middle) => {
    expect(retryAfterMs(empty, { claim_retry_after_ms: limits, claim_retry_jitter: 0.25 }, () => 0.5)).toBe(middle);
    expect(retryAfterMs(empty, { claim_retry_after_ms: limits, claim_retry_jitter: 0.25 }, () => 0)).toBe(
      middle * 0.75,
    );
    expect(retryAfterMs(empty, { claim_retry_after_ms: limits, claim_retry_jitter: 0.25 }, () => 1 - 2 ** -32)).toBe(
      middle * 1.25,
    );
  });
});
