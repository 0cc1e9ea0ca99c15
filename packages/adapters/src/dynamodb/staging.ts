import type { Staging } from "@omoios/domain/store";
import { writeAll } from "./batch-write.ts";
import type { Tables } from "./client.ts";
import { itemOf, keyOf } from "./rows.ts";

/** Unconditional writes of rows that nobody sees yet. */
export function stagingOn(tables: Tables): Staging {
  return {
    write: (rows, now) =>
      writeAll(
        tables,
        "state",
        rows.map(({ kind, row }) => ({ PutRequest: { Item: itemOf(kind, { ...row, version: 1 } as never, now) } })),
      ),
    remove: (rows) =>
      writeAll(
        tables,
        "state",
        rows.map(({ kind, row }) => ({ DeleteRequest: { Key: keyOf(kind, row as never) } })),
      ),
  };
}
