import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { PulseRow } from "@omoios/domain/agents/model";
import type { Tables } from "./client.ts";
import type { Item } from "./rows.ts";

/** Partitions of the pulse rows: a sweep reads those and nothing else. */
export const PULSE_SHARDS = 16;

/** A pulse row as its item says it. */
export function pulseOf(item: Item): PulseRow {
  const { pk: _pk, sk: _sk, ...row } = item;
  return row as unknown as PulseRow;
}

/** Every pulse row. Read for half the price of a strong read: whoever acts on one reads it once more. */
export async function livingPulses(tables: Tables): Promise<PulseRow[]> {
  const shards = Array.from({ length: PULSE_SHARDS }, (_, shard) => shardOf(tables, `pulse#${shard}`));
  return (await Promise.all(shards)).flat();
}

async function shardOf({ client, pulse: TableName }: Tables, pk: string): Promise<PulseRow[]> {
  const rows: PulseRow[] = [];
  let start: Item | undefined;
  do {
    const answer = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": pk },
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    rows.push(...(answer.Items ?? []).map(pulseOf));
    start = answer.LastEvaluatedKey;
  } while (start !== undefined);
  return rows;
}
