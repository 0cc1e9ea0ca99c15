import type { Envelope } from "@omoios/contracts/events";
import { nameOfPage, orderOf, placeOfEntry, SETTLED_MS, timeOfOrder } from "@omoios/domain/audit/chain";
import type { LogPage } from "@omoios/domain/audit/model";
import type { AuditBook } from "@omoios/domain/audit/ports";
import type { Instant } from "@omoios/kernel/clock";
import { type EventPlace, isTold } from "./event-place.ts";

/** Pages whose entries are read together. */
const TOGETHER = 20;
/** Pages that one call looks at: where few of them name the subject, the cursor goes on behind them. */
const LOOKED_AT = 500;

export interface Followed {
  rows: Envelope[];
  place: EventPlace;
  /** Whether there is more already; it may be nothing of the subject. */
  more: boolean;
}

/** A page, and the keys of it that are still to be told, by their number. */
interface Left {
  page: LogPage;
  keys: { key: string; n: number }[];
}

/** What was listed behind a place by now, as far as it has settled: all of it, or what is about a subject. */
export async function followLog(
  book: AuditBook,
  from: EventPlace,
  { subject, limit, now }: { subject: string | undefined; limit: number; now: Instant },
): Promise<Followed> {
  const rows: Envelope[] = [];
  const before = orderOf(now - SETTLED_MS);
  // Who begins now waits until what is now has settled.
  if (from.order >= before) return { rows, place: from, more: false };
  let place = from;
  const moveTo = (order: string, taken: number) => {
    const isPast = timeOfOrder(order) > from.told_until;
    place = { order, taken, told: isPast ? "" : from.told, told_until: from.told_until };
  };
  let looked = 0;
  for await (const some of inParts(book, from, before, { subject, limit })) {
    const entries = await book.entriesOf(some.map(({ page, keys }) => ({ ...page, keys: keys.map(({ key }) => key) })));
    for (const [index, { page, keys }] of some.entries()) {
      for (const [at, { n }] of keys.entries()) {
        const entry = entries[index]?.[at];
        const event = entry?.page === nameOfPage(page) ? (JSON.parse(entry.event) as Envelope) : undefined;
        if (event !== undefined && !isTold(from.told, event)) rows.push(event);
        moveTo(page.order, n + 1);
        if (rows.length === limit) return { rows, place, more: true };
      }
      moveTo(`${page.order}~`, 0);
    }
    looked += some.length;
    if (looked >= LOOKED_AT) return { rows, place, more: true };
  }
  return { rows, place, more: false };
}

/** Pages of events from a place on with what is left of them; some together, since a page may be a single event. */
async function* inParts(
  book: AuditBook,
  { order, taken }: EventPlace,
  before: string,
  { subject, limit }: { subject: string | undefined; limit: number },
): AsyncGenerator<Left[]> {
  let some: Left[] = [];
  let [pages, listed] = [0, 0];
  const after = taken === 0 ? order : order.slice(0, -1);
  for await (const page of book.pages({ before, ...(order === "" ? {} : { after }) })) {
    if (page.of !== "events" || page.order < order) continue;
    const left = page.keys.map((key, n) => ({ key, n })).slice(page.order === order ? taken : 0);
    const keys = subject === undefined ? left : left.filter(({ key }) => placeOfEntry(key).subject === subject);
    some.push({ page, keys });
    if (keys.length > 0) pages += 1;
    listed += keys.length;
    if (pages < TOGETHER && listed < limit && some.length < LOOKED_AT) continue;
    yield some;
    some = [];
    [pages, listed] = [0, 0];
  }
  yield some;
}
