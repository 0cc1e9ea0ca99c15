import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { DueKind } from "@omoios/contracts/jobs";
import type { DueRows } from "@omoios/domain/store";
import type { Tables } from "./client.ts";
import { bucketName, DUE_BUCKET_MINUTES, DUE_SHARDS, type Item } from "./rows.ts";
import { readCursor, writeCursor } from "./store.ts";

/** The due index: `first minute#shard`, in the order of the moments. */
export function dueRowsOn(tables: Tables): DueRows {
  return {
    shards: DUE_SHARDS,
    bucket_minutes: DUE_BUCKET_MINUTES,
    async page({ minute, shard }, until, { limit = 100, cursor } = {}) {
      const bucket = bucketName(minute, shard);
      const answer = await tables.client.send(
        new QueryCommand({
          TableName: tables.state,
          IndexName: "due",
          Limit: limit,
          KeyConditionExpression: "due_bucket = :bucket AND due_at <= :until",
          ExpressionAttributeValues: { ":bucket": bucket, ":until": until },
          ...(cursor === undefined ? {} : { ExclusiveStartKey: readCursor(cursor, bucket) }),
        }),
      );
      const last = answer.LastEvaluatedKey;
      return {
        rows: (answer.Items ?? []).map(dueOf),
        cursor: last === undefined ? undefined : writeCursor(last, bucket),
      };
    },
  };
}

/** What a due item is: its kind is its entity, its id what follows the prefix of its partition key. */
export function dueOf(item: Item): { kind: DueKind; id: string; due_at: number } {
  const pk = String(item.pk);
  return { kind: item.__edb_e__ as DueKind, id: pk.slice(pk.indexOf("#") + 1), due_at: Number(item.due_at) };
}
