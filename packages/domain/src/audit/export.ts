import type { AuditRecord } from "@omoios/contracts/views/audit";
import type { Instant } from "@omoios/kernel/clock";
import type { Store } from "../store.ts";
import { frameHash, orderOf, SETTLED_MS } from "./chain.ts";
import type { Place } from "./list.ts";
import type { AuditKeys, AuditRootRow, LogPage, StoredEntry } from "./model.ts";
import type { AuditBook } from "./ports.ts";

/** How many entries a part holds before it ends. */
const ENTRIES = 500;
const ROOTS = 100;
/** Pages whose entries are read together. */
const TOGETHER = 20;

export interface ExportParts {
  store: Store;
  book: AuditBook;
  keys: AuditKeys;
  stage: string;
  retention_days: number;
}

export interface ExportPart {
  items: AuditRecord[];
  next?: Place;
}

/** A part of the audit as it is stored: a begin, roots, pages with their entries, an end. Without a place, the first. */
export async function exportPart(parts: ExportParts, now: Instant, place: Place | undefined): Promise<ExportPart> {
  const { kid, secret } = await parts.keys.newest();
  const framed = <T extends object>(said: T) => ({ ...said, hash: frameHash({ kid, secret }, Object.entries(said)) });
  if (place === undefined) {
    const kept_since = Math.max(0, now - parts.retention_days * 86_400_000);
    const { items, next } = await rootsFrom(parts.store, { kept_since });
    return { items: [framed({ kind: "begin" as const, stage: parts.stage, kept_since, kid }), ...items], next };
  }
  if (place.after === undefined) return rootsFrom(parts.store, place);
  const { items, last = String(place.page ?? ""), more } = await pagesFrom(parts.book, String(place.after), now);
  const root = Number(place.root ?? 0);
  if (more) return { items, next: { after: last, root, page: last } };
  return { items: [...items, framed({ kind: "end" as const, last_root: root, last_page: last, kid })] };
}

async function rootsFrom(store: Store, place: Place): Promise<{ items: AuditRecord[]; next: Place }> {
  const cursor = place.roots === undefined ? undefined : String(place.roots);
  const { rows, cursor: more } = await store.page("audit_root", {}, { limit: ROOTS, cursor });
  const kept_since = Number(place.kept_since);
  const root = rows.at(-1)?.n ?? Number(place.root ?? 0);
  const next = more === undefined ? { after: orderOf(kept_since), root } : { roots: more, root, kept_since };
  return { items: rows.map(rootRecord), next };
}

async function pagesFrom(book: AuditBook, after: string, now: Instant) {
  const items: AuditRecord[] = [];
  let some: LogPage[] = [];
  let entries = 0;
  let last: string | undefined;
  const read = async () => {
    const stored = await book.entriesOf(some);
    for (const [index, page] of some.entries()) items.push(pageRecord(page, stored[index] ?? []));
    last = some.at(-1)?.order ?? last;
    some = [];
  };
  for await (const page of book.pages({ after, before: orderOf(now - SETTLED_MS) })) {
    some.push(page);
    entries += page.keys.length;
    if (some.length === TOGETHER || entries >= ENTRIES) await read();
    if (entries >= ENTRIES) return { items, last, more: true };
  }
  await read();
  return { items, last, more: false };
}

/** The members in the order in which a file's lines are held to have them, as is the next. */
export function rootRecord({ n, sealed_at, heads, kid, prev, prev_at, ttl, hash }: AuditRootRow): AuditRecord {
  return { kind: "root", n, sealed_at, heads, kid, prev, prev_at, ttl, hash };
}

export function pageRecord(
  { of, order, chain, n, kid, keys, prev, prev_at, hash }: LogPage,
  stored: readonly (StoredEntry | undefined)[],
): AuditRecord {
  const entries = stored.map((entry) => entry ?? null);
  return { kind: "page", of, order, chain, n, kid, keys, prev, prev_at, hash, entries };
}
