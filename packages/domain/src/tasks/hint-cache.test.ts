import { describe, expect, test } from "vitest";
import { NOW } from "../../../../tests/harness/task-row.ts";
import type { LaneHint } from "../store.ts";
import { cachedHints } from "./hint-cache.ts";

const hint = (lane: string, depth: number): LaneHint => ({ lane, shards: [{ shard: 0, depth, first: NOW }] });

const KEPT = { keep_ms: 2_000, again_ms: 500 };

/** A table of hints that says which lanes each request asked for. */
function cacheOver(table: Map<string, LaneHint>) {
  const asked: string[] = [];
  const clock = { at: NOW, now: () => clock.at };
  const read = async (lanes: readonly string[]) => {
    asked.push(lanes.join(","));
    return new Map([...table].filter(([lane]) => lanes.includes(lane)));
  };
  const { of: hints, ...cache } = cachedHints({ read }, clock, KEPT);
  return { asked, clock, hints, ...cache };
}

describe("a lane's hint is kept for two seconds", () => {
  test("a second look costs no request, and shows what the first saw", async () => {
    const table = new Map([["a", hint("a", 1)]]);
    const { asked, clock, hints } = cacheOver(table);
    expect(await hints(["a"])).toEqual(new Map([["a", hint("a", 1)]]));
    table.set("a", hint("a", 7));
    clock.at += 1_999;
    expect(await hints(["a"])).toEqual(new Map([["a", hint("a", 1)]]));
    expect(asked).toEqual(["a"]);
    clock.at += 1;
    expect(await hints(["a"])).toEqual(new Map([["a", hint("a", 7)]]));
    expect(asked).toEqual(["a", "a"]);
  });

  test("only the lanes that are not known are asked for, in one request", async () => {
    const table = new Map(["a", "b", "c"].map((lane) => [lane, hint(lane, 1)] as const));
    const { asked, hints } = cacheOver(table);
    await hints(["b"]);
    expect([...(await hints(["a", "b", "c"])).keys()]).toEqual(["a", "b", "c"]);
    expect(asked).toEqual(["b", "a,c"]);
  });

  test("that a lane has none is kept as well", async () => {
    const { asked, hints } = cacheOver(new Map());
    expect(await hints(["a"])).toEqual(new Map());
    expect(await hints(["a"])).toEqual(new Map());
    expect(asked).toEqual(["a"]);
  });

  test("no lanes, no request", async () => {
    const { asked, hints } = cacheOver(new Map());
    expect(await hints([])).toEqual(new Map());
    expect(asked).toEqual([]);
  });

  test("a request that fails is not kept", async () => {
    const clock = { now: () => NOW };
    let tries = 0;
    const read = async (): Promise<Map<string, LaneHint>> => {
      if (tries++ === 0) throw new Error("throttled");
      return new Map([["a", hint("a", 1)]]);
    };
    const { of: hints } = cachedHints({ read }, clock, KEPT);
    await expect(hints(["a"])).rejects.toThrow("throttled");
    expect((await hints(["a"])).get("a")).toEqual(hint("a", 1));
  });
});

describe("hints that show no work in any lane", () => {
  test("are read again after half a second; those that show some are not", async () => {
    const table = new Map([["a", hint("a", 0)]]);
    const { asked, clock, hints } = cacheOver(table);
    await hints(["a", "b"]);
    table.set("b", hint("b", 1));
    clock.at += 499;
    expect((await hints(["a", "b"])).get("b")).toBeUndefined();
    clock.at += 1;
    expect((await hints(["a", "b"])).get("b")).toEqual(hint("b", 1));
    clock.at += 500;
    await hints(["a", "b"]);
    expect(asked).toEqual(["a,b", "a,b"]);
  });

  test("are read again as soon for whom others promised wrongly", async () => {
    const { asked, clock, again, hints } = cacheOver(new Map([["a", hint("a", 1)]]));
    await hints(["a"]);
    clock.at += 499;
    await again(["a"]);
    clock.at += 1;
    await again(["a"]);
    expect(asked).toEqual(["a", "a"]);
  });
});

describe("what this process saw of a shard corrects what the table says", () => {
  const depthOf = async (hints: ReturnType<typeof cacheOver>["hints"]) =>
    (await hints(["a"])).get("a")?.shards.map(({ shard, depth, first }) => [shard, depth, first]) ?? [];

  test("a task that became ready there shows for five seconds, whatever the figures know", async () => {
    const { asked, clock, hints, sawReady } = cacheOver(new Map([["a", hint("a", 0)]]));
    sawReady("a#2", NOW - 7);
    expect(await depthOf(hints)).toEqual([
      [0, 0, NOW],
      [2, 1, NOW - 7],
    ]);
    clock.at += 4_999;
    expect(await depthOf(hints)).toHaveLength(2);
    clock.at += 1;
    expect(await depthOf(hints)).toEqual([[0, 0, NOW]]);
    expect(asked.length).toBeGreaterThan(1);
  });

  test("an empty page hides what the table said before it, and nothing that it says after", async () => {
    const { clock, hints, sawEmpty } = cacheOver(new Map([["a", hint("a", 3)]]));
    expect(await depthOf(hints)).toEqual([[0, 3, NOW]]);
    sawEmpty("a#0", clock.at);
    expect(await depthOf(hints)).toEqual([]);
    clock.at += 500;
    expect(await depthOf(hints)).toEqual([[0, 3, NOW]]);
  });

  test("an empty page hides no task that became ready while it was read", async () => {
    const { clock, hints, sawEmpty, sawReady, readySince } = cacheOver(new Map());
    clock.at += 2;
    sawReady("a#0", NOW);
    sawEmpty("a#0", NOW + 1);
    expect(await depthOf(hints)).toEqual([[0, 1, NOW]]);
    expect(readySince(["b", "a"], NOW + 2)).toBe("a#0");
    expect(readySince(["b", "a"], NOW + 3)).toBeUndefined();
    expect(readySince(["b"], NOW)).toBeUndefined();
    sawEmpty("a#0", NOW + 2);
    expect(await depthOf(hints)).toEqual([]);
    expect(readySince(["a"], NOW)).toBeUndefined();
  });
});
