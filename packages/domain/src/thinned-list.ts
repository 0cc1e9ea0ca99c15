import { foreignCursor } from "./foreign-cursor.ts";
import type { RowKind, RowOf } from "./rows.ts";
import type { ListName, ListPage, Page, PageOptions, PageRequest, Store } from "./store.ts";

/** Rows of a page that is read behind one that a filter has thinned: with the rows that are missing alone, a rare one would be looked for one by one. */
const PAGE = 100;
/** Pages that one call reads; the cursor goes on from there. */
const MOST_PAGES = 10;

/** A list with what is wanted of its rows: `undefined` for those that are not. */
export type Shelf<T> = (options: PageOptions) => Promise<ListPage<T | undefined>>;

/** A list of the table, newest first. */
export function shelf<K extends RowKind, T>(
  store: Pick<Store, "list">,
  kind: K,
  name: ListName,
  wanted: (row: RowOf<K>) => T | undefined,
): Shelf<T> {
  return async (options) => {
    const page = await store.list(kind, name, { ...options, newest_first: true });
    return { ...page, rows: page.rows.map(wanted) };
  };
}

/**
 * What is wanted of some lists, one behind the other. The page may hold fewer rows than its limit while a cursor follows: a call looks
 * at some 1,000 rows at most. Throws `request.cursor_invalid`.
 * @param nameOf what a row is known by: one that goes from a list to a later one while they are read stands in the page once
 */
export async function thinnedList<T>(
  shelves: readonly Shelf<T>[],
  { limit, cursor: from }: PageRequest,
  nameOf: (row: T) => unknown = (row) => row,
): Promise<Page<T>> {
  const found = new Map<unknown, T>();
  let [index, cursor] = readPlace(from, shelves.length);
  let thinned = false;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await shelves[index]?.({ limit: thinned ? PAGE : limit - found.size, cursor });
    if (page === undefined) break;
    for (const [at, row] of page.rows.entries()) {
      if (row === undefined) thinned = true;
      else found.set(nameOf(row), row);
      if (found.size === limit && at < page.rows.length - 1)
        return { rows: [...found.values()], cursor: `${index}.${page.after(at)}` };
    }
    cursor = page.cursor;
    if (cursor === undefined) index++;
    if (found.size === limit) break;
  }
  return { rows: [...found.values()], cursor: index < shelves.length ? `${index}.${cursor ?? ""}` : undefined };
}

/** A cursor says in which list it stands: `<list>.<cursor of that list>`. */
function readPlace(cursor: string | undefined, shelves: number): [number, string | undefined] {
  if (cursor === undefined) return [0, undefined];
  const [, index, rest] = /^(\d)\.([\w-]*)$/.exec(cursor) ?? [];
  if (index === undefined || Number(index) >= shelves) throw foreignCursor();
  return [Number(index), rest === "" ? undefined : rest];
}
