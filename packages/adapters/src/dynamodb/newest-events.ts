import type { Envelope } from "@omoios/contracts/events";
import { orderOf } from "@omoios/domain/audit/chain";
import { standing } from "@omoios/domain/audit/list";
import type { AuditBook } from "@omoios/domain/audit/ports";
import { foreignCursor } from "@omoios/domain/foreign-cursor";
import type { Page, PageRequest } from "@omoios/domain/store";
import type { Instant } from "@omoios/kernel/clock";
import { ORDER } from "./event-place.ts";
import { readCursor, writeCursor } from "./store.ts";

const LIST = "events-newest";

/** The log against its order, back to what was listed at `from`; also what has not settled yet, since nobody goes on forwards from it. */
export async function newestEvents(
  book: AuditBook,
  { limit = 100, cursor, from }: Partial<PageRequest> & { from?: Instant | undefined },
): Promise<Page<Envelope>> {
  const place = cursor === undefined ? undefined : placeOf(cursor);
  const after = from === undefined ? undefined : orderOf(from);
  const rows: Envelope[] = [];
  if (after !== undefined && place !== undefined && place.before <= after) return { rows, cursor: undefined };
  let skip = place?.skip ?? 0;
  for await (const { page, entries } of standing(book, { after, before: place?.before, newest_first: true })) {
    if (page.of !== "events") continue;
    for (const [at, entry] of entries.entries()) {
      if (at < skip) continue;
      rows.push(JSON.parse(entry.event) as Envelope);
      if (rows.length === limit) return { rows, cursor: writeCursor({ before: `${page.order}~`, skip: at + 1 }, LIST) };
    }
    skip = 0;
  }
  return { rows, cursor: undefined };
}

function placeOf(cursor: string): { before: string; skip: number } {
  const { before, skip } = readCursor(cursor, LIST);
  if (typeof before !== "string" || !ORDER.test(before) || before === "") throw foreignCursor();
  if (!Number.isSafeInteger(skip)) throw foreignCursor();
  return { before, skip: Number(skip) };
}
