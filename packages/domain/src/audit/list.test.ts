import { expect, test } from "vitest";
import { event } from "../event.fixture.ts";
import { nameOfPage, orderOf } from "./chain.ts";
import { type AuditFilter, listAudit, type Place } from "./list.ts";
import type { LogPage } from "./model.ts";
import type { AuditBook } from "./ports.ts";

const NOW = Date.parse("2026-01-05T10:00:00Z");

/** A book of pages with so many entries each, by turns, newest first. It counts what is read of it. */
function bookOf({ pages: count, each, elsewhere = false }: { pages: number; each: number[]; elsewhere?: boolean }) {
  const all = Array.from({ length: count }, (_, n): LogPage => {
    const said = { of: "events" as const, chain: "a", n: n + 1, kid: "k", prev: "", prev_at: 0, hash: "" };
    const keys = Array.from({ length: each[n % each.length] ?? 1 }, (_, key) => `${n}.${key}`);
    return { ...said, order: orderOf(NOW + n, "a", n + 1), keys };
  }).toReversed();
  const reads: number[] = [];
  const book: AuditBook = {
    async *pages({ before = "~", after = "" }) {
      yield* all.filter(({ order }) => order < before && order > after);
    },
    async entriesOf(pages) {
      reads.push(pages.flatMap(({ keys }) => keys).length);
      return pages.map((page) =>
        page.keys.map((id) => ({
          event: JSON.stringify(event("task.started", {}, { id })),
          page: elsewhere ? "later" : nameOfPage(page),
          hash: "",
          prev_hash: "",
        })),
      );
    },
    ofSubject: async () => ({ rows: [], cursor: undefined }),
  };
  return { book, reads, ids: all.flatMap(({ keys }) => keys.toReversed()) };
}

const nobody: AuditFilter = { who: "nobody" };

test("entries of pages that hold one are read together, and a call reads some 2,000", async () => {
  const { book, reads } = bookOf({ pages: 5_000, each: [1] });
  const page = await listAudit(book, nobody, 50, undefined);
  expect(page).toMatchObject({ items: [], next: {} });
  expect(reads).toEqual(Array.from({ length: 20 }, () => 100));
});

test("entries that stand in later pages count as read", async () => {
  const { book, reads } = bookOf({ pages: 5_000, each: [1], elsewhere: true });
  expect(await listAudit(book, {}, 50, undefined)).toMatchObject({ items: [], next: {} });
  expect(reads).toHaveLength(20);
});

test.each([1, 7, 100])("%i at a time, each entry comes once, newest first", async (limit) => {
  const { book, ids } = bookOf({ pages: 120, each: [1, 3, 40, 2] });
  const seen: string[] = [];
  let place: Place | undefined;
  do {
    const page = await listAudit(book, {}, limit, place);
    seen.push(...page.items.map(({ id }) => id));
    place = page.next;
  } while (place !== undefined);
  expect(seen).toEqual(ids);
});

test("a call that found nothing is gone on from to the end", async () => {
  const { book, ids } = bookOf({ pages: 3_000, each: [1, 3] });
  let calls = 0;
  let place: Place | undefined;
  do {
    const page = await listAudit(book, nobody, 50, place);
    expect(page.items).toEqual([]);
    place = page.next;
    calls++;
  } while (place !== undefined);
  // The last one finds that nothing follows.
  expect(calls).toBe(ids.length / 2_000 + 1);
});
