import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { hintKey } from "@omoios/adapters/dynamodb/lanes";
import { sweepLanes } from "@omoios/domain/tasks/lane-sweep";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withTables } from "../harness/dynamodb.ts";
import { HOUR, NOW } from "../harness/task-row.ts";
import { timedRooms } from "../harness/timed-rooms.ts";

const PHASE = "PHASE_IMPLEMENTATION";
const DAY = 24 * HOUR;
let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => ({ tables, stop } = await withTables()));
afterAll(() => stop());

/** A process of the stage, and its sweep of the lanes. */
function processAt(time: { now: number }) {
  const { rooms, context } = timedRooms(tables, time);
  const { parts, hints } = rooms;
  return {
    ...rooms,
    ...parts,
    context,
    sweep: async () => sweepLanes(parts, hints, context(), await parts.book.compile(context())),
  };
}

it("removes a lane that stood empty for a day with all its pairs, more than one transaction takes, and its hint", async () => {
  const time = { now: NOW };
  const { book, context, store, hints, sweep } = processAt(time);
  const { lane } = await book.ensureLane(context(), PHASE, []);
  await hints.mend(lane, [{ shard: 0, first: NOW }]);
  const names = Array.from({ length: 120 }, (_, n) => `skill:${n}`);
  const classes = await Promise.all(names.map((name) => book.ensureClass(context(), [PHASE], [name])));
  const pairs = async () =>
    store.getMany(
      "pair",
      classes.map((class_id) => ({ class_id, lane })),
    );
  expect(await pairs()).toHaveLength(120);
  time.now += DAY;
  await sweep();
  expect(await store.get("lane", { lane })).toBeUndefined();
  expect(await pairs()).toEqual([]);
  const hint = await tables.client.send(new GetCommand({ TableName: tables.pulse, Key: hintKey(lane) }));
  expect(hint.Item).toBeUndefined();
});
