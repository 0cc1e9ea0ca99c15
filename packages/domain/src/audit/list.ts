import type { AuditEntry } from "@omoios/contracts/views/audit";
import type { Instant } from "@omoios/kernel/clock";
import { nameOfPage, orderOf } from "./chain.ts";
import type { LogPage, StoredEntry } from "./model.ts";
import type { AuditBook, OrderRange } from "./ports.ts";
import { auditEntry } from "./present.ts";

export interface AuditFilter {
  who?: string | undefined;
  subject?: string | undefined;
  what?: string | undefined;
  from?: Instant | undefined;
  to?: Instant | undefined;
}

/** Where a list or an export goes on: texts that the caller hands back as they are. */
export type Place = Readonly<Record<string, string | number>>;

/** How many entries one call reads for those that its filter wants. */
const LOOKED_AT = 2_000;
/** Entries that are read together: pages hold one or many. */
const TOGETHER = 100;
const MINUTE_MS = 60_000;

export interface AuditPage {
  items: AuditEntry[];
  next?: Place;
}

/** Entries newest first. A page may hold fewer than its limit, and others follow as long as there is a place to go on from. */
export function listAudit(
  book: AuditBook,
  filter: AuditFilter,
  limit: number,
  place: Place | undefined,
): Promise<AuditPage> {
  const { subject } = filter;
  return subject === undefined ? latest(book, filter, limit, place) : ofSubject(book, filter, subject, limit, place);
}

async function latest(
  book: AuditBook,
  filter: AuditFilter,
  limit: number,
  place: Place | undefined,
): Promise<AuditPage> {
  const items: AuditEntry[] = [];
  let looked = 0;
  let skip = Number(place?.skip ?? 0);
  for await (const { page, entries } of standing(book, rangeOf(filter, place))) {
    for (const [index, entry] of entries.map(auditEntry).entries()) {
      if (index < skip) continue;
      if (wanted(entry, filter)) items.push(entry);
      if (items.length === limit) return { items, next: { before: `${page.order}~`, skip: index + 1 } };
    }
    skip = 0;
    looked += page.keys.length;
    if (looked >= LOOKED_AT) return { items, next: { before: page.order } };
  }
  return { items };
}

/** Pages with the entries that stand in them, both against their order. */
export async function* standing(
  book: AuditBook,
  range: OrderRange & { newest_first: true },
): AsyncGenerator<{ page: LogPage; entries: StoredEntry[] }> {
  for await (const some of together(book.pages(range))) {
    const stored = await book.entriesOf(some);
    for (const [at, page] of some.entries()) {
      const named = nameOfPage(page);
      const entries = (stored[at] ?? []).flatMap((entry) => (entry?.page === named ? [entry] : []));
      yield { page, entries: entries.toReversed() };
    }
  }
}

const rangeOf = ({ from, to }: AuditFilter, place: Place | undefined) => ({
  newest_first: true as const,
  after: from === undefined ? undefined : orderOf(from),
  before: place !== undefined ? String(place.before) : to === undefined ? undefined : orderOf(to + MINUTE_MS),
});

async function* together(pages: AsyncIterable<LogPage>): AsyncGenerator<LogPage[]> {
  let some: LogPage[] = [];
  let entries = 0;
  for await (const page of pages) {
    some.push(page);
    entries += page.keys.length;
    if (entries < TOGETHER) continue;
    yield some;
    some = [];
    entries = 0;
  }
  if (some.length > 0) yield some;
}

async function ofSubject(
  book: AuditBook,
  filter: AuditFilter,
  subject: string,
  limit: number,
  place: Place | undefined,
): Promise<AuditPage> {
  const cursor = place === undefined ? undefined : String(place.cursor);
  const { rows, cursor: next } = await book.ofSubject(subject, { limit, cursor });
  const items = rows.map(auditEntry).filter((entry) => wanted(entry, filter));
  return { items, ...(next === undefined ? {} : { next: { cursor: next } }) };
}

function wanted({ who, what, at }: AuditEntry, filter: AuditFilter): boolean {
  const time = Date.parse(at);
  return (
    (filter.who === undefined || who.id === filter.who) &&
    (filter.what === undefined || what === filter.what) &&
    (filter.from === undefined || time >= filter.from) &&
    (filter.to === undefined || time <= filter.to)
  );
}
