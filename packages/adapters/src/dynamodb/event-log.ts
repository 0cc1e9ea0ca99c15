import { BatchWriteCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Envelope } from "@omoios/contracts/events";
import type { EventLog, PageOptions } from "@omoios/domain/store";
import type { Instant } from "@omoios/kernel/clock";
import type { Tables } from "./client.ts";
import type { Item } from "./rows.ts";
import { readCursor, writeCursor } from "./store.ts";

/** Shards of each minute of the log's index. */
const SHARDS = 4;
const MINUTE_MS = 60_000;
/** A follower reads up to so long ago, so that a slower writer's entry does not come in behind its cursor. */
const SETTLED_MS = 1_000;
const LIST = "events";

/** When the relay wrote an entry, and its id: the order in which followers read. */
const orderOf = (logged_at: Instant, id: string) => `${String(logged_at).padStart(14, "0")}#${id}`;

/** The minute that this process entered last in the list of those that hold entries: it is written once and not with every batch. */
const enteredMinute = new WeakMap<Tables, number>();

/** Writes events as rows of the log. The same event twice is one row: its key follows from its id and time. */
export async function writeLog(
  tables: Tables,
  events: readonly Envelope[],
  logged_at: Instant,
  retention_days: number,
): Promise<void> {
  const minute = Math.floor(logged_at / MINUTE_MS);
  const ttl = Math.ceil(logged_at / 1000) + retention_days * 86_400;
  const rows: Item[] = events.map((event, index) => ({
    pk: `log#${event.subject.id}`,
    sk: `${event.time}#${event.id}`,
    event: JSON.stringify(event),
    type: event.type,
    log_bucket: `${minute}#${index % SHARDS}`,
    log_at: orderOf(logged_at, event.id),
    ttl,
  }));
  if (rows.length === 0) return;
  const entered = enteredMinute.get(tables) === minute;
  if (!entered) rows.push({ pk: "log-minutes", sk: String(minute).padStart(10, "0"), ttl });
  const batches = Array.from({ length: Math.ceil(rows.length / 25) }, (_, i) => rows.slice(i * 25, i * 25 + 25));
  await Promise.all(batches.map((batch) => writeBatch(tables, batch)));
  enteredMinute.set(tables, minute);
}

async function writeBatch(tables: Tables, rows: Item[]): Promise<void> {
  // One call may not name a key twice, and a batch of stream records may hold a row's change twice.
  const unique = new Map(rows.map((Item) => [`${Item.pk}|${Item.sk}`, { PutRequest: { Item } }]));
  let left: { PutRequest: { Item: Item } }[] = [...unique.values()];
  for (let tries = 0; left.length > 0; tries++) {
    if (tries > 0) await tables.sleep(Math.min(50 * 2 ** tries, 2_000));
    const answer = await tables.client.send(new BatchWriteCommand({ RequestItems: { [tables.pulse]: left } }));
    left = (answer.UnprocessedItems?.[tables.pulse] ?? []) as typeof left;
  }
}

/** Reads the event log. */
export function eventLogOn(tables: Tables): EventLog {
  return {
    async ofSubject(subject, options: PageOptions) {
      const list = `events@${subject}`;
      const answer = await tables.client.send(
        new QueryCommand({
          TableName: tables.pulse,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": `log#${subject}` },
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

    cursorAt: (moment) => writeCursor({ at: orderOf(moment, "") }, LIST),

    async after(cursor, limit, now) {
      const from = cursor === undefined ? "" : String(readCursor(cursor, LIST).at);
      const until = orderOf(now - SETTLED_MS, "");
      const rows: Item[] = [];
      for await (const minute of minutesSince(tables, from)) {
        rows.push(...(await minuteAfter(tables, minute, from, until, limit - rows.length)));
        if (rows.length >= limit) break;
      }
      return { rows: rows.map(eventOf), cursor: writeCursor({ at: rows.at(-1)?.log_at ?? from }, LIST) };
    },
  };
}

async function* minutesSince(tables: Tables, from: string): AsyncGenerator<string> {
  const first = from === "" ? "" : String(Math.floor(Number(from.slice(0, 14)) / MINUTE_MS)).padStart(10, "0");
  let start: Item | undefined;
  do {
    const answer = await tables.client.send(
      new QueryCommand({
        TableName: tables.pulse,
        KeyConditionExpression: "pk = :pk AND sk >= :first",
        ExpressionAttributeValues: { ":pk": "log-minutes", ":first": first === "" ? "0" : first },
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    for (const item of answer.Items ?? []) yield String(Number(item.sk));
    start = answer.LastEvaluatedKey;
  } while (start !== undefined);
}

async function minuteAfter(
  tables: Tables,
  minute: string,
  from: string,
  until: string,
  limit: number,
): Promise<Item[]> {
  const pages = await Promise.all(
    Array.from({ length: SHARDS }, (_, shard) =>
      tables.client.send(
        new QueryCommand({
          TableName: tables.pulse,
          IndexName: "log",
          Limit: limit + 1,
          KeyConditionExpression: "log_bucket = :bucket AND log_at BETWEEN :from AND :until",
          ExpressionAttributeValues: {
            ":bucket": `${minute}#${shard}`,
            ":from": from === "" ? "0" : from,
            ":until": until,
          },
        }),
      ),
    ),
  );
  return pages
    .flatMap((page) => page.Items ?? [])
    .filter((item) => String(item.log_at) > from)
    .sort((a, b) => (String(a.log_at) < String(b.log_at) ? -1 : 1))
    .slice(0, limit);
}

function eventOf(item: Item): Envelope {
  return JSON.parse(String(item.event)) as Envelope;
}
