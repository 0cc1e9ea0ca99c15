import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import { inTurn } from "@omoios/domain/in-turn";
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
  const batches = Array.from({ length: Math.ceil(keys.length / BATCH) }, (_, n) =>
    keys.slice(n * BATCH, (n + 1) * BATCH),
  );
  const items: Item[] = [];
  await inTurn(batches, async (batch) => {
    items.push(...(await getBatch(tables, tables[table], batch, consistent)));
  });
  return items;
}

async function getBatch(tables: Tables, name: string, keys: readonly Key[], ConsistentRead: boolean): Promise<Item[]> {
  const items: Item[] = [];
  let wanted: Key[] = [...keys];
  for (let tries = 0; wanted.length > 0; tries++) {
    if (tries > 0) await tables.sleep(Math.min(50 * 2 ** tries, 1_000));
    const answer = await tables.client.send(
      new BatchGetCommand({ RequestItems: { [name]: { Keys: wanted, ConsistentRead } } }),
    );
    items.push(...(answer.Responses?.[name] ?? []));
    wanted = (answer.UnprocessedKeys?.[name]?.Keys ?? []) as Key[];
  }
  return items;
}
