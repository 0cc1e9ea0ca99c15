import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { dueRowsOn } from "@omoios/adapters/dynamodb/due";
import { DUE_BUCKET_MINUTES, dueBucket, itemOf } from "@omoios/adapters/dynamodb/rows";
import { newId } from "@omoios/kernel/ids";
import { seededRandom } from "@omoios/kernel/random";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withTables } from "../harness/dynamodb.ts";
import { MINUTE, NOW, taskRow } from "../harness/task-row.ts";

/** The first minutes of the buckets behind the one of now. */
const later = (n: number) => NOW / MINUTE + n * DUE_BUCKET_MINUTES;
const random = seededRandom(9);
let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => ({ tables, stop } = await withTables()));
afterAll(() => stop());

/** Puts tasks that are due at these moments, one of each into one bucket; gives the bucket and their ids in the order of moments. */
async function due(minute: number, count: number) {
  const ids: string[] = [];
  while (ids.length < count) {
    const row = taskRow({ task_id: newId("task", random), due_at: minute * MINUTE + ids.length });
    if (dueBucket("task", row, NOW).due_bucket !== `${minute}#0`) continue;
    await tables.client.send(new PutCommand({ TableName: tables.state, Item: itemOf("task", row, NOW) }));
    ids.push(row.task_id);
  }
  return { bucket: { minute, shard: 0 }, ids };
}

describe("the due index", () => {
  test("is read to its end, page by page, the longest due first, each row once", async () => {
    const { bucket, ids } = await due(later(1), 23);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await dueRowsOn(tables).page(bucket, later(2) * MINUTE, { limit: 5, cursor });
      expect(page.rows.length).toBeLessThanOrEqual(5);
      seen.push(...page.rows.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(ids);
  });

  test("shows what is due at the moment, and nothing that is due later", async () => {
    const { bucket, ids } = await due(later(3), 4);
    const until = bucket.minute * MINUTE + 1;
    const { rows } = await dueRowsOn(tables).page(bucket, until);
    expect(rows).toEqual([
      { kind: "task", id: ids[0], due_at: until - 1 },
      { kind: "task", id: ids[1], due_at: until },
    ]);
  });

  test("refuses another bucket's cursor", async () => {
    const { bucket } = await due(later(5), 3);
    const { cursor } = await dueRowsOn(tables).page(bucket, later(9) * MINUTE, { limit: 1 });
    expect(cursor).toEqual(expect.stringMatching(/./));
    const other = { ...bucket, shard: 1 };
    await expect(dueRowsOn(tables).page(other, NOW, { cursor })).rejects.toMatchObject({
      code: "request.cursor_invalid",
    });
  });
});
