import type { Instant } from "@omoios/kernel/clock";
import type { Page, PageOptions } from "../store.ts";
import type { Entry, LogPage, PageKind, RefusalCount, StoredEntry } from "./model.ts";

/** Writes entries into a chain of this process. */
export interface LogWriter {
  /**
   * Keeps the entries, and gives what lists them: the entries can be found by their subject at once, and are in the log's order from
   * then on. Whoever does not come to list them writes them again.
   */
  keep(entries: readonly Entry[], of: PageKind): Promise<() => Promise<void>>;
}

/** Between which orders pages are read; both are left out. */
export interface OrderRange {
  after?: string | undefined;
  before?: string | undefined;
  newest_first?: boolean;
}

/** Reads what `LogWriter` wrote. */
export interface AuditBook {
  /** Pages in their order, as far as they are asked for. */
  pages(range: OrderRange): AsyncIterable<LogPage>;
  /** A page's entries in its order; `undefined` where one is gone. */
  entriesOf(pages: readonly LogPage[]): Promise<(StoredEntry | undefined)[][]>;
  /** What happened to a subject and what was refused about it, newest first. */
  ofSubject(subject: string, options: PageOptions): Promise<Page<StoredEntry>>;
}

/** Counts of refusals whose caller nobody knows. */
export interface RefusalCounts {
  add(code: string, now: Instant): Promise<void>;
  /** Of the minutes that are over, the oldest first. */
  past(now: Instant): Promise<RefusalCount[]>;
  /** Forgets a count, unless it has grown since. */
  forget(count: RefusalCount): Promise<void>;
}

/** Keeps files elsewhere than the plane's tables. */
export interface Bucket {
  /** Keeps the text under the name, whole or not at all. May be repeated. */
  put(name: string, text: string): Promise<void>;
}
