import { marshall } from "@aws-sdk/util-dynamodb";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { laneHintsOn } from "@omoios/adapters/dynamodb/lanes";
import { addFigures } from "@omoios/adapters/stream/figures";
import type { StreamRecord } from "@omoios/adapters/stream/relay";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withTables } from "../harness/dynamodb.ts";

let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => ({ tables, stop } = await withTables()));
afterAll(() => stop());

type Image = Record<string, unknown> | undefined;
const image = (given: Image) => (given === undefined ? {} : marshall(given));
const ready = (lane: string, virtual_start: number, shard = 0) => ({
  status: "ready",
  ready_lane: `${lane}#${shard}`,
  virtual_start,
});

let sequence = 0;
const record = (was: Image, is: Image): StreamRecord => ({
  dynamodb: {
    ...(was === undefined ? {} : { OldImage: image(was) }),
    ...(is === undefined ? {} : { NewImage: image(is) }),
    SequenceNumber: String(++sequence).padStart(21, "0"),
  },
});
const came = (lane: string, at: number, shard?: number) => record(undefined, ready(lane, at, shard));
/** The take leaves the virtual start where it was. */
const taken = (lane: string, at: number, shard?: number) =>
  record(ready(lane, at, shard), { status: "running", virtual_start: at });
const cancelled = (lane: string, at: number) => record(ready(lane, at), { status: "cancelled" });
const edited = (lane: string, from: number, to: number) => record(ready(lane, from), ready(lane, to));

const add = (...records: StreamRecord[]) => addFigures(tables, records);
const hintOf = async (lane: string) => (await laneHintsOn(tables).read([lane])).get(lane)?.shards;

describe("a lane's depth follows the stream", () => {
  test("what comes is added, what leaves by whatever way is taken off", async () => {
    await add(came("depth", 10), came("depth", 20), came("depth", 30), came("depth", 40));
    expect(await hintOf("depth")).toEqual([{ shard: 0, depth: 4, first: 10 }]);
    // The last is a row that its time to live removed: the stream then has no new image.
    await add(taken("depth", 10), cancelled("depth", 30), record(ready("depth", 40), undefined));
    expect(await hintOf("depth")).toMatchObject([{ depth: 1 }]);
  });

  test("a batch that comes twice counts once, in every lane that it moved", async () => {
    const batch = [came("twice", 10), came("other", 5), came("twice", 20)];
    await add(...batch);
    await add(...batch);
    expect(await hintOf("twice")).toEqual([{ shard: 0, depth: 2, first: 10 }]);
    expect(await hintOf("other")).toEqual([{ shard: 0, depth: 1, first: 5 }]);
    const next = [taken("twice", 10)];
    await add(...next);
    await add(...next);
    expect(await hintOf("twice")).toMatchObject([{ depth: 1 }]);
  });

  test("another batch with the same content counts", async () => {
    await add(came("same", 10));
    await add(came("same", 10));
    expect(await hintOf("same")).toMatchObject([{ depth: 2 }]);
  });

  test("each shard has its own", async () => {
    await add(came("shards", 10, 0), came("shards", 20, 63), came("shards", 5, 63));
    const shards = await hintOf("shards");
    expect(shards?.sort((a, b) => a.shard - b.shard)).toEqual([
      { shard: 0, depth: 1, first: 10 },
      { shard: 63, depth: 2, first: 5 },
    ]);
  });

  test("a batch of more lanes than one read holds is counted whole", async () => {
    const lanes = Array.from({ length: 130 }, (_, n) => `many-${n}`);
    await add(...lanes.map((lane) => came(lane, 7)));
    const hints = await laneHintsOn(tables).read(lanes);
    expect(lanes.map((lane) => hints.get(lane)?.shards[0]?.depth)).toEqual(lanes.map(() => 1));
  });

  test("rows that stand in no lane leave no hint", async () => {
    await add(record({ status: "pending" }, { status: "cancelled" }), came("neighbour", 1));
    expect(await hintOf("undefined")).toBeUndefined();
    expect(await hintOf("neighbour")).toMatchObject([{ depth: 1 }]);
  });
});

describe("a lane's first entry", () => {
  const firstAfter = async (lane: string, ...batches: StreamRecord[][]) => {
    for (const batch of batches) await add(...batch);
    return (await hintOf(lane))?.[0]?.first;
  };

  test.each<[string, (lane: string) => StreamRecord[][], number]>([
    ["is the earliest that came", (a) => [[came(a, 30), came(a, 10)], [came(a, 20)]], 10],
    ["is overtaken by an earlier one", (a) => [[came(a, 30)], [came(a, -5)]], -5],
    ["goes on with what is taken", (a) => [[came(a, 10), came(a, 20), came(a, 30)], [taken(a, 20)]], 20],
    // A claimer takes near the first entry; a cancel may hit the last.
    ["stays where a later one is cancelled", (a) => [[came(a, 10), came(a, 900)], [cancelled(a, 900)]], 10],
    ["stays where a later one is edited", (a) => [[came(a, 10), came(a, 900)], [edited(a, 900, 800)]], 10],
    ["moves with the edit that makes one the first", (a) => [[came(a, 10), came(a, 900)], [edited(a, 900, 3)]], 3],
    // An emptied lane forgets where it began: what comes later is no older for that.
    ["is new in a lane that had been empty", (a) => [[came(a, 10)], [taken(a, 10)], [came(a, 500)]], 500],
    ["is not what came and went in one batch", (a) => [[came(a, 10), came(a, 20), taken(a, 10)]], 20],
  ])("%s", async (title, batches, first) => {
    const lane = title.replaceAll(" ", "-");
    expect(await firstAfter(lane, ...batches(lane))).toBe(first);
  });
});

test("a table that refuses is not taken for a batch that was counted", async () => {
  await expect(addFigures({ ...tables, pulse: "no-such-table" }, [came("x", 1)])).rejects.toThrow();
});
