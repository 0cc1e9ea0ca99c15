import type { Envelope } from "@omoios/contracts/events";
import type { AuditRecord } from "@omoios/contracts/views/audit";
import type { Instant } from "@omoios/kernel/clock";
import { chained, entryHash, frameHash, keyOfEntry, pageHash, rootHash, timeOfOrder } from "./chain.ts";
import type { AuditKey } from "./model.ts";
import { headsOf } from "./seal.ts";

type RecordOf<K extends AuditRecord["kind"]> = Extract<AuditRecord, { kind: K }>;

/** The first thing that is not as it was written. */
interface Finding {
  what: "altered" | "missing" | "reordered";
  /** Which: an entry by its key, a page by its chain and number, a root by its number, or the file's own frame. */
  name: string;
  why: string;
}

export interface Verification {
  finding?: Finding;
  entries: number;
  pages: number;
  roots: number;
  /** Entries that no root covers yet. */
  unsealed: number;
  /** When the newest root was sealed; undefined where there is none. */
  sealed_at?: Instant;
}

/** What a root covered may have left the table by its time to live this long before its root does. */
const FADING_MS = 86_400_000;

class Broken extends Error {
  readonly finding: Finding;
  constructor(what: Finding["what"], name: string, why: string) {
    super(`${what}: ${name}`);
    this.finding = { what, name, why };
  }
}

/** Reads the audit as it was exported, in its order, and stops at the first finding. */
export async function verifyAudit(
  records: AsyncIterable<AuditRecord> | Iterable<AuditRecord>,
  keys: ReadonlyMap<string, AuditKey>,
): Promise<Verification> {
  const walk = walker(keys);
  try {
    for await (const record of records) walk.take(record);
    walk.finish();
    return walk.seen();
  } catch (error) {
    if (error instanceof Broken) return { ...walk.seen(), finding: error.finding };
    throw error;
  }
}

function walker(keys: ReadonlyMap<string, AuditKey>) {
  const counts = { entries: 0, pages: 0, roots: 0, unsealed: 0 };
  const ends = new Map<string, { n: number; hash: string }>();
  const heads = new Map<string, { chain: string; n: number; hash: string; sealed_at: Instant }>();
  const sealedTo = new Map<string, number>();
  let begin: RecordOf<"begin"> | undefined;
  let root: { n: number; hash: string; sealed_at?: Instant } | undefined;
  let page: RecordOf<"page"> | undefined;
  let ended = false;

  const keyOf = (kid: string, name: string): AuditKey => {
    const key = keys.get(kid);
    if (key === undefined) throw new Broken("altered", name, `there is no audit key ${kid}`);
    return key;
  };

  /** The first part, or one that goes on exactly where the part before it ended. */
  const takeBegin = (next: RecordOf<"begin">) => {
    if (begin !== undefined && !ended) throw new Broken("reordered", "the begin", "it comes twice");
    verifyFrame(next, keyOf(next.kid, "the begin"));
    const { after } = next;
    if (begin !== undefined) goesOn(next, begin, root);
    for (const [chain, n, hash] of after?.chains ?? []) {
      const end = ends.get(chain);
      if (end !== undefined && (end.n !== n || end.hash !== hash))
        throw new Broken(
          end.n < n ? "missing" : "reordered",
          `page ${end.n + 1} of chain ${chain}`,
          "a part goes on from it",
        );
      ends.set(chain, { n, hash });
    }
    if (after !== undefined) root ??= { n: after.root, hash: after.hash };
    begin = next;
    page = undefined;
    ended = false;
  };

  const takeRoot = (next: RecordOf<"root">, keptSince: Instant) => {
    const name = `root ${next.n}`;
    if (rootHash(keyOf(next.kid, name), next) !== next.hash) throw new Broken("altered", name, "its hash does not fit");
    if (page !== undefined) throw new Broken("reordered", name, "roots come before pages");
    if (root === undefined ? next.prev_at >= keptSince && next.n > 1 : next.n > root.n + 1)
      throw new Broken("missing", `root ${next.n - 1}`, `root ${next.n} goes on from it`);
    if (root !== undefined && (next.n <= root.n || next.prev !== root.hash))
      throw new Broken("reordered", name, `it does not go on from root ${root.n}`);
    for (const [chain, n, hash] of headsOf(next)) {
      const end = ends.get(chain);
      if (end?.n === n && end.hash !== hash) throw new Broken("altered", name, `it has another hash of chain ${chain}`);
      // A root may name once more what an earlier part holds.
      if (n <= (end?.n ?? 0)) continue;
      heads.set(`${chain}#${n}`, { chain, n, hash, sealed_at: next.sealed_at });
      sealedTo.set(chain, Math.max(n, sealedTo.get(chain) ?? 0));
    }
    root = next;
    counts.roots += 1;
  };

  const takePage = (next: RecordOf<"page">, keptSince: Instant) => {
    const name = `page ${next.n} of chain ${next.chain}`;
    verifyPage(next, keyOf(next.kid, name), name);
    const end = ends.get(next.chain);
    const first = end === undefined && (next.n === 1 || next.prev_at < keptSince);
    if (!first && next.n > (end?.n ?? 0) + 1)
      throw new Broken("missing", `page ${next.n - 1} of chain ${next.chain}`, `page ${next.n} goes on from it`);
    if (!first && (next.n !== (end?.n ?? 0) + 1 || next.prev !== end?.hash))
      throw new Broken("reordered", name, "it does not go on from the page before it");
    if (page !== undefined && next.order <= page.order)
      throw new Broken("reordered", name, `it was listed before ${page.order}`);
    const head = heads.get(`${next.chain}#${next.n}`);
    if (head !== undefined && head.hash !== next.hash) throw new Broken("altered", name, "its root has another hash");
    heads.delete(`${next.chain}#${next.n}`);
    ends.set(next.chain, { n: next.n, hash: next.hash });
    page = next;
    counts.pages += 1;
    counts.entries += next.entries.length;
    if (next.n > (sealedTo.get(next.chain) ?? 0)) counts.unsealed += next.entries.length;
  };

  return {
    take(record: AuditRecord): void {
      if (record.kind === "begin") {
        takeBegin(record);
        return;
      }
      if (ended) throw new Broken("reordered", "the end", "something follows it");
      if (begin === undefined)
        throw new Broken("missing", "the begin", "the first line does not say since when entries are kept");
      if (record.kind === "root") takeRoot(record, begin.kept_since);
      else if (record.kind === "page") takePage(record, begin.kept_since);
      else {
        verifyFrame(record, keyOf(record.kid, "the end"));
        if (record.last_root !== (root?.n ?? 0))
          throw new Broken("missing", `root ${record.last_root}`, "the end names it");
        if (record.last_page !== (page?.order ?? ""))
          throw new Broken("missing", `the page listed as ${record.last_page}`, "the end names it");
        for (const { chain, n, sealed_at } of heads.values()) {
          if (sealed_at > begin.kept_since + FADING_MS)
            throw new Broken("missing", `page ${n} of chain ${chain}`, "a root covers it");
        }
        heads.clear();
        ended = true;
      }
    },
    finish(): void {
      if (!ended) throw new Broken("missing", "the end", "what follows the last line was cut off");
    },
    seen: (): Verification => ({ ...counts, ...(root?.sealed_at === undefined ? {} : { sealed_at: root.sealed_at }) }),
  };
}

/** Whether a part of a series follows the one before it. */
function goesOn(
  { stage, after }: RecordOf<"begin">,
  before: RecordOf<"begin">,
  root: { n: number; hash: string } | undefined,
) {
  const last = root?.n ?? 0;
  if (stage !== before.stage)
    throw new Broken("reordered", "the begin", `it is of ${stage}, what is before it of ${before.stage}`);
  if (after === undefined)
    throw new Broken("missing", "what a part goes on from", `it follows root ${last} and does not say so`);
  if (after.root > last) throw new Broken("missing", `root ${last + 1}`, `a part goes on from root ${after.root}`);
  if (after.root < last || after.hash !== root?.hash)
    throw new Broken("reordered", `the part after root ${after.root}`, `what is before it ended with root ${last}`);
}

function verifyFrame(frame: RecordOf<"begin" | "end">, key: AuditKey): void {
  const { hash, ...said } = frame;
  if (frameHash(key, Object.entries(said)) !== hash)
    throw new Broken("altered", `the ${frame.kind}`, "its hash does not fit");
}

/** Each entry by itself first, so that the one that was altered is named, and then the page as a whole. */
function verifyPage(page: RecordOf<"page">, key: AuditKey, name: string): void {
  const texts = page.entries.map((entry, index) => {
    const expected = page.keys[index] ?? "";
    if (entry === null) throw new Broken("missing", `entry ${expected}`, `${name} lists it`);
    const { hash, ...rest } = entry;
    if (entryHash(key, rest) !== hash) throw new Broken("altered", `entry ${expected}`, "its hash does not fit");
    if (keyOfEntry(JSON.parse(entry.event) as Envelope) !== expected)
      throw new Broken("reordered", `entry ${expected}`, `in its place stands another`);
    return entry;
  });
  if (texts.length !== page.keys.length) throw new Broken("missing", name, "it has fewer entries than it lists");
  const { hash, entries: _, kind: __, ...listed } = page;
  if (pageHash(key, listed, chained(key, page, texts).last) !== hash || Number.isNaN(timeOfOrder(page.order)))
    throw new Broken("altered", name, "its hash does not fit its entries");
}
