import { describe, expect, it } from "vitest";
import { laneOf, startLane } from "./lane.ts";

function lane(options: { batch_size: number; window_ms: number }) {
  const stop = new AbortController();
  const batches: string[][] = [];
  const windows: (() => void)[] = [];
  const started = startLane<string>({
    ...options,
    stopping: stop.signal,
    work: async (batch) => {
      batches.push(batch);
    },
    sleep: () => new Promise((done) => windows.push(done)),
  });
  const settle = () => new Promise((done) => setImmediate(done));
  return { ...started, stop, batches, windows, settle };
}

describe("a lane", () => {
  it("cuts what came together into batches", async () => {
    const { add, batches, settle } = lane({ batch_size: 2, window_ms: 0 });
    for (const item of "abcde") add(item);
    await settle();
    expect(batches).toEqual([["a", "b"], ["c", "d"], ["e"]]);
  });

  it("lets the first of a batch wait for company, and no longer once the batch is full", async () => {
    const { add, batches, windows, settle } = lane({ batch_size: 3, window_ms: 1000 });
    add("a");
    await settle();
    add("b");
    await settle();
    expect(batches).toEqual([]);
    windows.shift()?.();
    await settle();
    expect(batches).toEqual([["a", "b"]]);
    for (const item of "cde") add(item);
    await settle();
    expect(batches).toEqual([
      ["a", "b"],
      ["c", "d", "e"],
    ]);
    expect(windows).toEqual([]);
  });

  it("begins nothing after a stop", async () => {
    const { add, batches, stop, settle, ended } = lane({ batch_size: 1, window_ms: 0 });
    stop.abort();
    add("a");
    await settle();
    await ended();
    expect(batches).toEqual([]);
  });
});

describe("the lane of a record", () => {
  it("is the same for one item, whatever the order of its keys", () => {
    const one = { dynamodb: { Keys: { pk: { S: "a" }, sk: { S: "b" } } } };
    const other = { dynamodb: { Keys: { sk: { S: "b" }, pk: { S: "a" } } } };
    expect(laneOf(one, 7)).toBe(laneOf(other, 7));
  });

  it("spreads items", () => {
    const of = (name: number) => laneOf({ dynamodb: { Keys: { pk: { S: `task_${name}` }, sk: { S: "#" } } } }, 4);
    expect(new Set(Array.from({ length: 40 }, (_, name) => of(name)))).toEqual(new Set([0, 1, 2, 3]));
  });
});
