import type { Envelope } from "@omoios/contracts/events";
import { shortDigest } from "@omoios/domain/digest";
import { foreignCursor } from "@omoios/domain/foreign-cursor";
import type { Instant } from "@omoios/kernel/clock";
import { readCursor, writeCursor } from "./store.ts";

/**
 * Where somebody stands who follows the log. It may come back mangled: each member is read as what it must be, or the cursor is refused.
 */
export interface EventPlace {
  /** Among the subject's own events, behind the one at this sort key; from then on by the log's pages. Only while there are more of them. */
  behind?: string;
  /** Behind this page, or before it with so many of its keys taken. Empty: at the log's begin. */
  order: string;
  taken: number;
  /** Events that were told by the subject's own order, and may be listed behind `order`: their marks, until the log's order is past that moment. */
  told: string;
  told_until: Instant;
}

/** The list that a cursor belongs to. */
const listOf = (subject: string | undefined): string => (subject === undefined ? "events" : `events-of@${subject}`);

/** Hex characters by which an event is remembered in a cursor. */
const MARK = 8;
/** So many are remembered: with more, the cursor would be longer than a query's parameter may be. */
const REMEMBERED = 100;
/** An event is listed so long after it came about, unless the relay stood still; then a follower by subject may be told it twice. */
const LISTED_AFTER_MS = 60_000;

/** A place in the log's order: a page's, or the one just behind it. */
export const ORDER = /^(\d{14}#[0-9a-z]{0,40}#\d{8}~?)?$/i;
/** The table takes no longer sort key. */
const KEY_BYTES = 1_000;
const MARKS = /^[0-9a-f]*$/;

export const eventCursor = (place: EventPlace, subject: string | undefined): string => {
  const { told, told_until, ...rest } = place;
  return writeCursor(told === "" ? rest : { ...rest, told, told_until }, listOf(subject));
};

/** Reads what `eventCursor` wrote. Throws `request.cursor_invalid`. */
export function eventPlace(cursor: string, subject: string | undefined): EventPlace {
  const { behind, order, taken, told = "", told_until = 0 } = readCursor(cursor, listOf(subject));
  if (typeof order !== "string" || !ORDER.test(order)) throw foreignCursor();
  if (!Number.isSafeInteger(taken) || Number(taken) < 0 || !Number.isSafeInteger(told_until)) throw foreignCursor();
  if (typeof told !== "string" || !MARKS.test(told)) throw foreignCursor();
  return {
    ...(behind === undefined ? {} : { behind: eventKey(behind) }),
    order,
    taken: Number(taken),
    told,
    told_until: Number(told_until),
  };
}

/** A cursor's member as the sort key of an event among its subject's. */
export function eventKey(key: unknown): string {
  if (typeof key !== "string" || key === "" || Buffer.byteLength(key) > KEY_BYTES) throw foreignCursor();
  return key;
}

const markOf = ({ id }: Envelope): string => shortDigest(id).slice(0, MARK);

/** The marks with those of events that were just told, and of which some may be listed at `at` or later. */
export function withTold(told: string, events: readonly Envelope[], at: Instant): string {
  const late = events.filter(({ time }) => Date.parse(time) >= at - LISTED_AFTER_MS);
  return `${told}${late.map(markOf).join("")}`.slice(-MARK * REMEMBERED);
}

/** Until when what was told at `now` may be listed. */
export const toldUntil = (now: Instant): Instant => now + LISTED_AFTER_MS;

export function isTold(told: string, event: Envelope): boolean {
  const mark = markOf(event);
  for (let at = 0; at < told.length; at += MARK) if (told.startsWith(mark, at)) return true;
  return false;
}
