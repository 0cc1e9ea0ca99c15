import { seededRandom } from "@omoios/kernel/random";
import { expect, test } from "vitest";
import { type Shelf, thinnedList } from "./thinned-list.ts";

/** A list of so many numbers, of which those with a remainder of 0 are wanted; it notes what is asked of it. */
function shelfOf(from: number, until: number, every: number, asked: number[]): Shelf<number> {
  return async ({ limit = 100, cursor }) => {
    asked.push(limit);
    const begin = cursor === undefined ? from : Number(cursor);
    const end = Math.min(begin + limit, until);
    const rows = Array.from({ length: end - begin }, (_, n) => ((begin + n) % every === 0 ? begin + n : undefined));
    // Like a table's: a full page is followed by a cursor, whether anything follows it or not.
    return { rows, cursor: rows.length === limit ? String(end) : undefined, after: (at) => String(begin + at + 1) };
  };
}

test("a row that a filter hides among many is found in few pages", async () => {
  const asked: number[] = [];
  const page = await thinnedList([shelfOf(1, 10_000, 850, asked)], { limit: 1 });
  expect(page).toEqual({ rows: [850], cursor: "0.851" });
  expect(asked).toEqual([1, 100, 100, 100, 100, 100, 100, 100, 100, 100]);
});

test("a call ends after ten pages, found or not, and the next one goes on", async () => {
  const asked: number[] = [];
  const page = await thinnedList([shelfOf(1, 10_000, 5_000, asked)], { limit: 50 });
  expect(page).toEqual({ rows: [], cursor: "0.951" });
  expect(asked).toHaveLength(10);
});

test("no more is read than asked for where everything is wanted", async () => {
  const asked: number[] = [];
  const shelves = [shelfOf(0, 3, 1, asked), shelfOf(3, 30, 1, asked)];
  expect(await thinnedList(shelves, { limit: 5 })).toEqual({ rows: [0, 1, 2, 3, 4], cursor: "1.5" });
  expect(asked).toEqual([5, 2]);
});

test("page by page each row comes once, in its order, whatever the filter and the limit", async () => {
  const random = seededRandom(4);
  const upTo = (most: number) => 1 + Math.floor(random() * most);
  for (let round = 0; round < 200; round++) {
    const [limit, every] = [upTo(30), upTo(12)];
    const [first, second, third] = [upTo(300), upTo(300), upTo(300)];
    const ends = [0, first, first + second, first + second + third];
    const shelves = ends.slice(1).map((end, n) => shelfOf(ends[n] ?? 0, end, every, []));
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await thinnedList(shelves, { limit, cursor });
      expect(page.rows.length).toBeLessThanOrEqual(limit);
      seen.push(...page.rows);
      cursor = page.cursor;
    } while (cursor !== undefined);
    const all = Array.from({ length: Math.ceil((first + second + third) / every) }, (_, n) => n * every);
    expect(seen).toEqual(all);
  }
});

test("a row that goes to a later list while they are read stands in the page once, as it was seen last", async () => {
  const listOf =
    (...rows: { id: string; ended: boolean }[]) =>
    async () => ({ rows, cursor: undefined, after: () => "" });
  const shelves = [
    listOf({ id: "a", ended: false }, { id: "b", ended: false }),
    listOf({ id: "a", ended: true }, { id: "c", ended: true }),
  ];
  expect((await thinnedList(shelves, { limit: 5 }, ({ id }) => id)).rows).toEqual([
    { id: "a", ended: true },
    { id: "b", ended: false },
    { id: "c", ended: true },
  ]);
});

test.each(["x", "3.", "0.1.2", "1"])("the cursor %j of no list of its own is refused", async (cursor) => {
  const shelves = [shelfOf(0, 3, 1, []), shelfOf(3, 30, 1, [])];
  await expect(thinnedList(shelves, { limit: 5, cursor })).rejects.toMatchObject({ code: "request.cursor_invalid" });
});
