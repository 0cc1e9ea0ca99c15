import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import type { Staging } from "@omoios/domain/store";
import type { Tables } from "./client.ts";
import { itemOf, keyOf } from "./rows.ts";

const BATCH = 25;
const SIDE_BY_SIDE = 6;
type Request = { PutRequest: { Item: Record<string, unknown> } } | { DeleteRequest: { Key: Record<string, unknown> } };

/** Unconditional writes of rows that nobody sees yet. */
export function stagingOn(tables: Tables): Staging {
  return {
    write: (rows, now) =>
      writeAll(
        tables,
        rows.map(({ kind, row }) => ({ PutRequest: { Item: itemOf(kind, { ...row, version: 1 } as never, now) } })),
      ),
    remove: (rows) =>
      writeAll(
        tables,
        rows.map(({ kind, row }) => ({ DeleteRequest: { Key: keyOf(kind, row as never) } })),
      ),
  };
}

async function writeAll(tables: Tables, requests: Request[]): Promise<void> {
  const batches = Array.from({ length: Math.ceil(requests.length / BATCH) }, (_, i) =>
    requests.slice(i * BATCH, i * BATCH + BATCH),
  );
  for (let from = 0; from < batches.length; from += SIDE_BY_SIDE) {
    await Promise.all(batches.slice(from, from + SIDE_BY_SIDE).map((batch) => writeBatch(tables, batch)));
  }
}

async function writeBatch(tables: Tables, batch: Request[]): Promise<void> {
  let left: unknown[] = batch;
  for (let tries = 0; left.length > 0; tries++) {
    if (tries > 0) await tables.sleep(Math.min(50 * 2 ** tries, 2_000));
    const answer = await tables.client.send(
      new BatchWriteCommand({ RequestItems: { [tables.state]: left as Request[] } }),
    );
    left = answer.UnprocessedItems?.[tables.state] ?? [];
  }
}
