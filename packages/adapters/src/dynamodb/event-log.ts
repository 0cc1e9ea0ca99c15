import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Envelope } from "@omoios/contracts/events";
import { CLOCKS_MS, orderOf, timeOfOrder } from "@omoios/domain/audit/chain";
import type { AuditBook } from "@omoios/domain/audit/ports";
import type { EventLog } from "@omoios/domain/event-log";
import type { PageOptions } from "@omoios/domain/store";
import { type Instant, toRfc3339 } from "@omoios/kernel/clock";
import type { Tables } from "./client.ts";
import { type EventPlace, eventCursor, eventKey, eventPlace, toldUntil, withTold } from "./event-place.ts";
import { type Followed, followLog } from "./follow-log.ts";
import { partitionOfSubject } from "./log-keys.ts";
import { newestEvents } from "./newest-events.ts";
import type { Item } from "./rows.ts";
import { readCursor, writeCursor } from "./store.ts";

const BEGIN: EventPlace = { order: "", taken: 0, told: "", told_until: 0 };
/** Sort before and behind every event of a subject: those begin with their time. */
const [FIRST, LAST] = ["0", "~"];

/** Reads the event log: by subject, and as it was written. */
export function eventLogOn(tables: Tables, book: AuditBook): EventLog {
  /** A subject's events from one sort key to another, without the one at `behind`. */
  const between = async (
    subject: string,
    range: { from: string; to: string; behind?: string },
    options: PageOptions,
  ) => {
    const { from, to, behind } = range;
    if (from > to) return { rows: [], last: undefined };
    const { limit = 100, newest_first = false } = options;
    const answer = await tables.client.send(
      new QueryCommand({
        TableName: tables.pulse,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
        ExpressionAttributeValues: { ":pk": partitionOfSubject("events", subject), ":from": from, ":to": to },
        Limit: limit + (behind === undefined ? 0 : 1),
        ScanIndexForward: !newest_first,
      }),
    );
    const items = (answer.Items ?? []) as Item[];
    const others = items.filter(({ sk }) => sk !== behind);
    const shown = others.slice(0, limit);
    const more = answer.LastEvaluatedKey !== undefined || shown.length < others.length;
    return { rows: shown.map(eventOf), last: more ? String(shown.at(-1)?.sk) : undefined };
  };

  /**
   * What the subject's own order holds behind a place. At its end it goes on with what was not listed when it was begun: what was listed
   * by then was written before, by any clock of the plane's machines.
   */
  const history = async (place: EventPlace, subject: string, limit: number, now: Instant): Promise<Followed> => {
    const order = place.order === "" ? orderOf(now - CLOCKS_MS) : place.order;
    const { behind } = place;
    const range = { from: behind ?? FIRST, to: LAST, ...(behind === undefined ? {} : { behind }) };
    const { rows, last } = await between(subject, range, { limit });
    const told = withTold(place.told, rows, timeOfOrder(order));
    const next = { order, taken: 0, told, told_until: toldUntil(now) };
    return { rows, place: last === undefined ? next : { ...next, behind: last }, more: last !== undefined };
  };

  return {
    async ofSubject(subject, { from, cursor, ...options }) {
      const list = `events@${subject}`;
      const oldest = from === undefined ? FIRST : toRfc3339(from);
      const behind = cursor === undefined ? undefined : eventKey(readCursor(cursor, list).sk);
      const end = behind === undefined ? {} : options.newest_first ? { behind, to: behind } : { behind, from: behind };
      const { rows, last } = await between(subject, { from: oldest, to: LAST, ...end }, options);
      return { rows, cursor: last === undefined ? undefined : writeCursor({ sk: last }, list) };
    },

    newest: (options) => newestEvents(book, options),

    cursorAt(moment, subject) {
      const place =
        subject === undefined ? { ...BEGIN, order: orderOf(moment) } : { ...BEGIN, behind: toRfc3339(moment) };
      return eventCursor(place, subject);
    },

    async after(cursor, limit, now, subject) {
      const from = cursor === undefined ? BEGIN : eventPlace(cursor, subject);
      const isListed = subject === undefined || (cursor !== undefined && from.behind === undefined);
      const { rows, place, more } = isListed
        ? await followLog(book, from, { subject, limit, now })
        : await history(from, subject, limit, now);
      return { rows, cursor: eventCursor(place, subject), more };
    },
  };
}

function eventOf(item: Item): Envelope {
  return JSON.parse(String(item.event)) as Envelope;
}
