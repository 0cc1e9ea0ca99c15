import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { inBatches } from "./batches.ts";
import type { Tables } from "./client.ts";
import type { Item, Key } from "./rows.ts";

/** DynamoDB takes so many items in a batch. */
const BATCH = 25;

export type BatchedWrite = { PutRequest: { Item: Item } } | { DeleteRequest: { Key: Key } };

/** Puts and removes items without conditions, in batches side by side; what the table leaves over goes again. */
export async function writeAll(
  tables: Tables,
  table: "state" | "pulse",
  writes: readonly BatchedWrite[],
): Promise<void> {
  const name = tables[table];
  await inBatches(tables, writes, BATCH, async (batch) => {
    const answer = await tables.client.send(new BatchWriteCommand({ RequestItems: { [name]: [...batch] } }));
    return (answer.UnprocessedItems?.[name] ?? []) as BatchedWrite[];
  });
}

/** Puts items into the table without stream. */
export const putAll = (tables: Tables, items: readonly Item[]): Promise<void> =>
  writeAll(
    tables,
    "pulse",
    items.map((Item) => ({ PutRequest: { Item } })),
  );
