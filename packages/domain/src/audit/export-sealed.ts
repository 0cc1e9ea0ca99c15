import type { Clock, Instant } from "@omoios/kernel/clock";
import type { RequestContext } from "../commit.ts";
import type { Positions, Store } from "../store.ts";
import { orderOf } from "./chain.ts";
import type { AuditKeys, AuditRootRow, LogPage } from "./model.ts";
import type { AuditBook, Bucket } from "./ports.ts";
import { KNOWN_ROOTS } from "./seal.ts";
import { pagesOfPart, rootsOfPart, sealedBy, sealedPart } from "./sealed-part.ts";
import { verifyAudit } from "./verify.ts";

/** Up to which root the bucket has the audit, and up to which the part goes that is being written. */
const EXPORTED = "audit-exported";
const PLANNED = "audit-export-planned";
/** A root looks for pages so far back from the root before it (see `seal`), to the begin of a minute. */
const LOOKED_BACK_MS = 5 * 60_000;
/** Roots read at once. */
const ROOTS = 200;

export interface ExportSealedParts {
  store: Pick<Store, "getMany" | "page">;
  book: AuditBook;
  keys: AuditKeys;
  positions: Positions;
  clock: Clock;
  bucket: Bucket;
  stage: string;
  retention_days: number;
  notice?: ((message: string, fields: Record<string, unknown>) => void) | undefined;
}

export interface Exported {
  objects: number;
  entries: number;
}

/**
 * Writes what was sealed since the last time into the bucket, part by part, until nothing is left or the time is over. A part's bounds
 * are noted before it is written: whoever repeats it, or does it at the same time, writes the same object.
 * Throws, once all is written, when a part is not whole: what the bucket has then shows what is wrong.
 */
export async function exportSealed(parts: ExportSealedParts, ctx: RequestContext, until: Instant): Promise<Exported> {
  const exported: Exported = { objects: 0, entries: 0 };
  let broken: string | undefined;
  do {
    const done = await parts.positions.load(EXPORTED);
    const found = await plannedRoots(parts, done);
    if (found === undefined) break;
    if (found === "moved") continue;
    const { name, entries, fault } = await writePart(parts, ctx, found);
    broken ??= fault;
    exported.objects += 1;
    exported.entries += entries;
    await parts.positions.move(EXPORTED, done, found.roots.at(-1)?.n ?? 0);
    if (fault !== undefined) parts.notice?.("A part of the audit is not whole", { name, fault });
  } while (parts.clock.now() < until);
  if (broken !== undefined) throw new Error(`The audit is not whole: ${broken}. \`omoi audit verify\` says more`);
  return exported;
}

interface Planned {
  roots: AuditRootRow[];
  /** The newest roots before them. */
  before: AuditRootRow[];
  /** The series begins with them: there was none, or what it would go on from is gone. */
  begins: boolean;
}

/** The roots of the next part; `moved` where another run has noted other bounds just now, `undefined` where all is exported. */
async function plannedRoots(
  parts: ExportSealedParts,
  done: number | undefined,
): Promise<Planned | "moved" | undefined> {
  const { store, positions } = parts;
  const [newest] = (await store.page("audit_root", {}, { limit: 1, newest_first: true })).rows;
  if (newest === undefined || newest.n <= (done ?? 0)) return undefined;
  const oldest = (await store.page("audit_root", {}, { limit: 1 })).rows[0] ?? newest;
  const begins = done === undefined || oldest.n > done + 1;
  if (begins && done !== undefined) {
    parts.notice?.("Roots of the audit went before they were exported", { from: done + 1, to: oldest.n - 1 });
  }
  const from = begins ? oldest.n : done + 1;
  const before = begins ? [] : await rootsBefore(store, from);
  const planned = await positions.load(PLANNED);
  const open = planned !== undefined && planned >= from;
  const some = await rootsFrom(store, from, Math.min(open ? planned : newest.n, from + ROOTS - 1));
  const roots = open ? some : rootsOfPart(some, sealedBy(before));
  const last = roots.at(-1);
  if (last === undefined) return undefined;
  if (!open && !(await positions.move(PLANNED, planned, last.n))) return "moved";
  return { roots, before, begins };
}

async function rootsFrom(store: ExportSealedParts["store"], from: number, to: number): Promise<AuditRootRow[]> {
  const numbers = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => ({ n: from + index }));
  return (await store.getMany("audit_root", numbers)).sort((a, b) => a.n - b.n);
}

/** Roots before this one, so far back that they tell which pages were sealed by them of those that the next roots looked at. */
async function rootsBefore(store: ExportSealedParts["store"], from: number): Promise<AuditRootRow[]> {
  const before: AuditRootRow[] = [];
  for (let to = from - 1; to > 0; to -= KNOWN_ROOTS) {
    const some = await rootsFrom(store, Math.max(1, to - KNOWN_ROOTS + 1), to);
    before.unshift(...some);
    const [oldest] = before;
    const newest = before.at(-1);
    if (oldest === undefined || newest === undefined || some.length < KNOWN_ROOTS) break;
    if (oldest.sealed_at < newest.sealed_at - LOOKED_BACK_MS) break;
  }
  return before;
}

async function writePart(parts: ExportSealedParts, ctx: RequestContext, { roots, before, begins }: Planned) {
  const { book, bucket, keys, stage } = parts;
  const first = roots[0]?.n ?? 0;
  const kept_since = begins ? Math.max(0, ctx.now - parts.retention_days * 86_400_000) : undefined;
  const listed_from = kept_since ?? (roots[0]?.prev_at ?? 0) - LOOKED_BACK_MS;
  const listed: LogPage[] = [];
  const range = { after: orderOf(Math.max(0, listed_from)), before: orderOf(roots.at(-1)?.sealed_at ?? 0) };
  for await (const page of book.pages(range)) listed.push(page);
  const sealed = sealedBy(before);
  const pages = pagesOfPart(listed, roots, sealed);
  const entries = await book.entriesOf(pages);
  const all = await keys.all();
  const records = sealedPart({ stage, roots, pages, entries, before: sealed, kept_since }, await keys.newest());
  const { finding, entries: count } = await verifyAudit(records, new Map(all.map((key) => [key.kid, key])));
  const name = `${String(first).padStart(10, "0")}.ndjson`;
  await bucket.put(name, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  return { name, entries: count, fault: finding && `${finding.what}: ${finding.name} (${finding.why})` };
}
