import { BatchGetCommand, BatchWriteCommand, GetCommand } from "@aws-sdk/lib-dynamodb";
import { putAll } from "@omoios/adapters/dynamodb/batch-write";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { laneHintsOn } from "@omoios/adapters/dynamodb/lanes";
import { stagingOn } from "@omoios/adapters/dynamodb/staging";
import { afterAll, beforeAll, expect, it } from "vitest";
import { tablesAround, withTables } from "../harness/dynamodb.ts";

const LANE = "lane_of_a_test";

let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => ({ tables, stop } = await withTables()));
afterAll(() => stop());

/** The tables while they are throttled: of so many batches all is left over. */
function throttled(times: number) {
  let left = times;
  const waited: number[] = [];
  const slow = tablesAround(tables, async (command, send) => {
    const leaves = left > 0 && (command instanceof BatchGetCommand || command instanceof BatchWriteCommand);
    if (!leaves) return send();
    left -= 1;
    const asked = (command as BatchGetCommand).input.RequestItems;
    return { UnprocessedKeys: asked, UnprocessedItems: asked };
  });
  return { tables: { ...slow, sleep: async (ms: number) => void waited.push(ms) }, waited };
}

it("knows a lane's hint that a throttled read left out", async () => {
  await laneHintsOn(tables).mend(LANE, [{ shard: 0, first: 1_000 }]);
  const { tables: slow } = throttled(2);
  expect((await laneHintsOn(slow).read([LANE])).get(LANE)?.shards).toEqual([{ shard: 0, depth: 1, first: 1_000 }]);
});

it("writes what was left over, after longer and longer waits", async () => {
  const { tables: slow, waited } = throttled(3);
  await putAll(slow, [{ pk: "left", sk: "over", n: 1 }]);
  expect(waited).toEqual([100, 200, 400]);
  const Key = { pk: "left", sk: "over" };
  expect((await tables.client.send(new GetCommand({ TableName: tables.pulse, Key }))).Item).toEqual({ ...Key, n: 1 });
});

it.each([
  ["a read", (slow: Tables) => laneHintsOn(slow).read([LANE])],
  ["a write", (slow: Tables) => putAll(slow, [{ pk: "left", sk: "over" }])],
  ["a staged write", (slow: Tables) => stagingOn(slow).remove([{ kind: "lane", row: { lane: LANE } } as never])],
])("gives up %s as throttled after some seconds", async (_, ask) => {
  const { tables: slow, waited } = throttled(1_000);
  await expect(ask(slow)).rejects.toMatchObject({ name: "ThrottlingException" });
  expect(waited.reduce((sum, ms) => sum + ms)).toBeLessThan(10_000);
});
