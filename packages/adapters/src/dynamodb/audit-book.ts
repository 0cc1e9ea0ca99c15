import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { LogPage, StoredEntry } from "@omoios/domain/audit/model";
import type { AuditBook, OrderRange } from "@omoios/domain/audit/ports";
import { getAll } from "./batch-read.ts";
import type { Tables } from "./client.ts";
import {
  keyOfListed,
  MINUTES,
  minuteOfOrder,
  partitionOfMinute,
  partitionOfSubject,
  sortKeyOfMinute,
} from "./log-keys.ts";
import type { Item } from "./rows.ts";
import { readCursor, writeCursor } from "./store.ts";

/** Sorts behind every order. */
const LAST = "~";

/** Reads the log in the order of its writing, and by subject. */
export function auditBookOn(tables: Tables): AuditBook {
  return {
    async *pages(range) {
      for await (const minute of minutesOf(tables, range)) yield* pagesOf(tables, minute, range);
    },

    async entriesOf(pages) {
      const wanted = pages.map((page) => page.keys.map((key) => keyOfListed(page.of, key)));
      const nameOf = ({ pk, sk }: Item) => `${pk} ${sk}`;
      const keys = new Map(wanted.flat().map((key) => [nameOf(key), key]));
      const found = new Map<string, StoredEntry>();
      for (const item of await getAll(tables, "pulse", [...keys.values()], false))
        found.set(nameOf(item), entryOf(item));
      return wanted.map((some) => some.map((key) => found.get(nameOf(key))));
    },

    async ofSubject(subject, { limit = 100, cursor }) {
      const list = `audit@${subject}`;
      const before = cursor === undefined ? LAST : String(readCursor(cursor, list).sk);
      const partitions = [partitionOfSubject("events", subject), partitionOfSubject("refusals", subject)];
      const both = await Promise.all(
        partitions.map((pk) => query(tables, pk, "sk < :to", { ":to": before }, { newest_first: true, limit })),
      );
      const items = both.flatMap(({ items }) => items).sort((a, b) => (String(a.sk) < String(b.sk) ? 1 : -1));
      const rows = items.slice(0, limit);
      const more = items.length > limit || both.some(({ more }) => more !== undefined);
      const last = rows.at(-1);
      return {
        rows: rows.map(entryOf),
        cursor: more && last !== undefined ? writeCursor({ sk: last.sk }, list) : undefined,
      };
    },
  };
}

async function* minutesOf(tables: Tables, { after, before, newest_first = false }: OrderRange): AsyncGenerator<number> {
  const from = sortKeyOfMinute(after === undefined ? 0 : minuteOfOrder(after));
  const to = before === undefined ? LAST : sortKeyOfMinute(minuteOfOrder(before));
  let start: Item | undefined;
  if (from > to) return;
  do {
    const values = { ":from": from, ":to": to };
    const page = await query(tables, MINUTES, "sk BETWEEN :from AND :to", values, { newest_first, start });
    for (const { sk } of page.items) yield Number(sk);
    start = page.more;
  } while (start !== undefined);
}

async function* pagesOf(tables: Tables, minute: number, range: OrderRange): AsyncGenerator<LogPage> {
  const { after = "0", before = LAST, newest_first = false } = range;
  let start: Item | undefined;
  if (after > before) return;
  do {
    const values = { ":from": after, ":to": before };
    const page = await query(tables, partitionOfMinute(minute), "sk BETWEEN :from AND :to", values, {
      newest_first,
      start,
    });
    for (const item of page.items) if (item.sk !== after && item.sk !== before) yield pageOf(item);
    start = page.more;
  } while (start !== undefined);
}

interface Reading {
  newest_first?: boolean;
  limit?: number;
  start?: Item | undefined;
}

async function query(tables: Tables, pk: string, sk: string, values: Item, { newest_first, limit, start }: Reading) {
  const answer = await tables.client.send(
    new QueryCommand({
      TableName: tables.pulse,
      ConsistentRead: true,
      KeyConditionExpression: `pk = :pk AND ${sk}`,
      ExpressionAttributeValues: { ":pk": pk, ...values },
      ScanIndexForward: newest_first !== true,
      ...(limit === undefined ? {} : { Limit: limit }),
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    }),
  );
  return { items: (answer.Items ?? []) as Item[], more: answer.LastEvaluatedKey as Item | undefined };
}

function pageOf(item: Item): LogPage {
  const { pk: _pk, sk, ttl: _ttl, ...page } = item;
  return { ...page, order: sk } as unknown as LogPage;
}

function entryOf({ event, before, page, hash, prev_hash }: Item): StoredEntry {
  return { event, ...(before === undefined ? {} : { before }), page, hash, prev_hash } as StoredEntry;
}
