import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import { inBatches } from "./batches.ts";
import type { Tables } from "./client.ts";
import type { Item, Key } from "./rows.ts";

/** DynamoDB gives so many items for one request by their keys. */
const BATCH = 100;

/** Reads any number of items by their keys, in batches side by side; what a throttled call left out is asked for again. In no promised order. */
export async function getAll(
  tables: Tables,
  table: "state" | "pulse",
  keys: readonly Key[],
  consistent: boolean,
): Promise<Item[]> {
  const name = tables[table];
  const items: Item[] = [];
  await inBatches(tables, keys, BATCH, async (batch) => {
    const answer = await tables.client.send(
      new BatchGetCommand({ RequestItems: { [name]: { Keys: [...batch], ConsistentRead: consistent } } }),
    );
    items.push(...(answer.Responses?.[name] ?? []));
    return (answer.UnprocessedKeys?.[name]?.Keys ?? []) as Key[];
  });
  return items;
}
