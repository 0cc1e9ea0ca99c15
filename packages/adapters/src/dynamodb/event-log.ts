import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Envelope } from "@omoios/contracts/events";
import { nameOfPage, orderOf, SETTLED_MS } from "@omoios/domain/audit/chain";
import type { LogPage } from "@omoios/domain/audit/model";
import type { AuditBook } from "@omoios/domain/audit/ports";
import type { EventLog, PageOptions } from "@omoios/domain/store";
import type { Tables } from "./client.ts";
import { partitionOfSubject } from "./log-keys.ts";
import type { Item } from "./rows.ts";
import { readCursor, writeCursor } from "./store.ts";

/** Pages whose entries are read together. */
const TOGETHER = 20;
const LIST = "events";

/** Reads the event log: by subject, and as it was written. */
export function eventLogOn(tables: Tables, book: AuditBook): EventLog {
  return {
    async ofSubject(subject, options: PageOptions) {
      const list = `events@${subject}`;
      const answer = await tables.client.send(
        new QueryCommand({
          TableName: tables.pulse,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": partitionOfSubject("events", subject) },
          Limit: options.limit ?? 100,
          ScanIndexForward: !options.newest_first,
          ...(options.cursor === undefined ? {} : { ExclusiveStartKey: readCursor(options.cursor, list) }),
        }),
      );
      const last = answer.LastEvaluatedKey;
      return {
        rows: (answer.Items ?? []).map(eventOf),
        cursor: last === undefined ? undefined : writeCursor(last, list),
      };
    },

    cursorAt: (moment) => writeCursor({ order: orderOf(moment), taken: 0 }, LIST),

    async after(cursor, limit, now) {
      const from = cursor === undefined ? { order: "", taken: 0 } : readCursor(cursor, LIST);
      const place = { order: String(from.order), taken: Number(from.taken) };
      const rows: Envelope[] = [];
      const before = orderOf(now - SETTLED_MS);
      // Who begins now waits until what is now has settled.
      if (place.order >= before) return { rows, cursor: writeCursor(place, LIST) };
      for await (const { pages, entries } of inParts(book, place.order, before, limit)) {
        for (const [index, page] of pages.entries()) {
          const taken = page.order === place.order ? place.taken : 0;
          const left = (entries[index] ?? []).slice(taken).slice(0, limit - rows.length);
          const name = nameOfPage(page);
          for (const entry of left) if (entry?.page === name) rows.push(JSON.parse(entry.event) as Envelope);
          Object.assign(place, { order: page.order, taken: taken + left.length });
          if (rows.length === limit) return { rows, cursor: writeCursor(place, LIST) };
        }
      }
      return { rows, cursor: writeCursor(place, LIST) };
    },
  };
}

/** Pages of events from one on, itself included, with their entries; some together, since a page may be a single event. */
async function* inParts(book: AuditBook, from: string, before: string, limit: number) {
  let pages: LogPage[] = [];
  let listed = 0;
  const range = { before, ...(from === "" ? {} : { after: from.slice(0, -1) }) };
  for await (const page of book.pages(range)) {
    if (page.of !== "events" || page.order < from) continue;
    pages.push(page);
    listed += page.keys.length;
    if (pages.length < TOGETHER && listed < limit) continue;
    yield { pages, entries: await book.entriesOf(pages) };
    pages = [];
    listed = 0;
  }
  yield { pages, entries: await book.entriesOf(pages) };
}

function eventOf(item: Item): Envelope {
  return JSON.parse(String(item.event)) as Envelope;
}
