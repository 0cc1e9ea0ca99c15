import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import type { Tables } from "./client.ts";
import type { Item } from "./rows.ts";

/** DynamoDB takes so many items in a batch. */
const BATCH = 25;

/** Puts items into the table without stream, in batches side by side; what the table leaves over goes again. */
export async function putAll(tables: Tables, items: readonly Item[]): Promise<void> {
  const batches = Array.from({ length: Math.ceil(items.length / BATCH) }, (_, i) =>
    items.slice(i * BATCH, (i + 1) * BATCH),
  );
  await Promise.all(batches.map((batch) => putBatch(tables, batch)));
}

async function putBatch(tables: Tables, items: readonly Item[]): Promise<void> {
  let left = items.map((Item) => ({ PutRequest: { Item } }));
  for (let tries = 0; left.length > 0; tries++) {
    if (tries > 0) await tables.sleep(Math.min(50 * 2 ** tries, 2_000));
    const answer = await tables.client.send(new BatchWriteCommand({ RequestItems: { [tables.pulse]: left } }));
    left = (answer.UnprocessedItems?.[tables.pulse] ?? []) as typeof left;
  }
}
