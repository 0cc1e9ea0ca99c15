import { describe, expect, test } from "vitest";
import { NOW } from "../../../../tests/harness/task-row.ts";
import type { LaneHint } from "../store.ts";
import { cachedHints } from "./hint-cache.ts";

const hint = (lane: string, depth: number): LaneHint => ({ lane, shards: [{ shard: 0, depth, first: NOW }] });

/** A table of hints that says which lanes each request asked for. */
function cacheOver(table: Map<string, LaneHint>) {
  const asked: string[] = [];
  const clock = { at: NOW, now: () => clock.at };
  const read = async (lanes: readonly string[]) => {
    asked.push(lanes.join(","));
    return new Map([...table].filter(([lane]) => lanes.includes(lane)));
  };
  const hints = cachedHints({ read }, clock, 2_000);
  return { asked, clock, hints };
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
    const hints = cachedHints({ read }, clock, 2_000);
    await expect(hints(["a"])).rejects.toThrow("throttled");
    expect((await hints(["a"])).get("a")).toEqual(hint("a", 1));
  });
});
