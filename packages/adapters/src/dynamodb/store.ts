import { GetCommand, QueryCommand, type QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import { foreignCursor } from "@omoios/domain/foreign-cursor";
import type { RowKind, RowOf } from "@omoios/domain/rows";
import type { KeyOf, Page, PageOptions, Store } from "@omoios/domain/store";
import type { Clock } from "@omoios/kernel/clock";
import { getAll } from "./batch-read.ts";
import type { Tables } from "./client.ts";
import { entities } from "./entities/registry.ts";
import { type Item, type Key, keyOf, partitionOf, rowOf } from "./rows.ts";

/** What items have beside the attributes of their kind. */
const COMMON = ["pk", "sk", "__edb_e__", "version", "ttl", "due_at"];

/** The state table, read strongly but for its lists. */
export function storeOn(tables: Tables, clock: Clock): Store {
  const alive = (item: Item | undefined) => (isGone(item, clock.now()) ? undefined : item);

  const page = async <K extends RowKind>(
    kind: K,
    partition: Partial<KeyOf<K>>,
    options: PageOptions = {},
    without: readonly PropertyKey[] = [],
  ): Promise<Page<RowOf<K>>> => {
    const { pk, prefix } = partitionOf(kind, partition);
    const answer = await query(tables, options, `${kind}@${pk}`, {
      ConsistentRead: true,
      ...(without.length === 0 ? {} : projectionOf(kind, without)),
      KeyConditionExpression: prefix === "" ? "pk = :pk" : "pk = :pk AND begins_with(sk, :prefix)",
      ExpressionAttributeValues: prefix === "" ? { ":pk": pk } : { ":pk": pk, ":prefix": prefix },
    });
    return { rows: rowsOf(kind, answer.items.filter(alive)), cursor: answer.cursor };
  };

  return {
    async get(kind, key) {
      const { Item } = await tables.client.send(
        new GetCommand({ TableName: tables.state, Key: keyOf(kind, key), ConsistentRead: true }),
      );
      return rowOf(kind, alive(Item));
    },

    async getMany(kind, keys) {
      const unique = new Map(keys.map((key) => keyOf(kind, key)).map((key) => [`${key.pk}|${key.sk}`, key]));
      const items = await getAll(tables, "state", [...unique.values()], true);
      return rowsOf(kind, items.filter(alive));
    },

    page: (kind, partition, options) => page(kind, partition, options),

    async all(kind, partition, { without } = {}) {
      const rows: RowOf<typeof kind>[] = [];
      let cursor: string | undefined;
      do {
        const next = await page(kind, partition, { limit: 1_000, cursor }, without);
        rows.push(...next.rows);
        cursor = next.cursor;
      } while (cursor !== undefined);
      return rows;
    },

    async list(kind, name, options = {}) {
      const answer = await query(tables, options, name, {
        IndexName: "list",
        KeyConditionExpression: "#list = :list",
        ExpressionAttributeNames: { "#list": "list" },
        ExpressionAttributeValues: { ":list": name },
      });
      const keys = answer.items.map(({ pk, sk }) => ({ pk, sk }) as Key);
      // The index is a moment old: what has left the list since is read as it is now, and stands here no more.
      const standing = (await getAll(tables, "state", keys, true)).filter((item) => alive(item) && item.list === name);
      const found = new Map(standing.map((item) => [`${item.pk}|${item.sk}`, item]));
      const rows = answer.items.flatMap((entry) => {
        const row = rowOf(kind, found.get(`${entry.pk}|${entry.sk}`));
        return row === undefined ? [] : [{ row, entry }];
      });
      const after = (at: number) => {
        const { pk, sk, list, list_at } = rows[at]?.entry ?? {};
        return writeCursor({ pk, sk, list, list_at }, name);
      };
      return { rows: rows.map(({ row }) => row), cursor: answer.cursor, after };
    },
  };
}

/** Whether an item is past its time to live. DynamoDB deletes it days later, or never on an emulator. */
export function isGone(item: Item | undefined, now: number): boolean {
  return item !== undefined && typeof item.ttl === "number" && item.ttl * 1000 <= now;
}

function rowsOf<K extends RowKind>(kind: K, items: Item[]): RowOf<K>[] {
  return items.map((item) => rowOf(kind, item)).filter((row) => row !== undefined);
}

/** All that items of the kind may have but these. */
function projectionOf(kind: RowKind, without: readonly PropertyKey[]) {
  const all = [...Object.keys(entities[kind].definition.attributes), ...COMMON];
  const names = [...new Set(all)].filter((name) => !without.includes(name));
  return {
    ProjectionExpression: names.map((_, n) => `#a${n}`).join(", "),
    ExpressionAttributeNames: Object.fromEntries(names.map((name, n) => [`#a${n}`, name])),
  };
}

async function query(
  tables: Tables,
  { limit = 100, cursor, newest_first = false }: PageOptions,
  list: string,
  input: Omit<QueryCommandInput, "TableName">,
): Promise<{ items: Item[]; cursor: string | undefined }> {
  const answer = await startingAt(cursor, list, (start) =>
    tables.client.send(
      new QueryCommand({
        ...input,
        TableName: tables.state,
        Limit: limit,
        ScanIndexForward: !newest_first,
        ...start,
      }),
    ),
  );
  const last = answer.LastEvaluatedKey;
  return { items: answer.Items ?? [], cursor: last === undefined ? undefined : writeCursor(last, list) };
}

/** A cursor is bound to its list, so that another list's is refused rather than misread. */
export function writeCursor(key: Item, list: string): string {
  return Buffer.from(JSON.stringify([list, key])).toString("base64url");
}

/** Asks for a page from a cursor on. One that was altered inside its list names no key there, which the table is the first to see. */
export async function startingAt<T>(
  cursor: string | undefined,
  list: string,
  ask: (start: { ExclusiveStartKey?: Item }) => Promise<T>,
): Promise<T> {
  if (cursor === undefined) return ask({});
  const ExclusiveStartKey = readCursor(cursor, list);
  try {
    return await ask({ ExclusiveStartKey });
  } catch (error) {
    throw error instanceof Error && error.name === "ValidationException" ? foreignCursor(error) : error;
  }
}

export function readCursor(cursor: string, list: string): Item {
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch (cause) {
    throw foreignCursor(cause);
  }
  if (!Array.isArray(read) || read[0] !== list || typeof read[1] !== "object" || read[1] === null)
    throw foreignCursor();
  return read[1] as Item;
}
