import type { AuditRecord } from "@omoios/contracts/views/audit";
import type { Instant } from "@omoios/kernel/clock";
import { frameHash } from "./chain.ts";
import { pageRecord, rootRecord } from "./export.ts";
import type { AuditKey, AuditRootRow, Head, LogPage, StoredEntry } from "./model.ts";
import { headsOf } from "./seal.ts";

/** About so many pages make a part, at most 100 entries each; what one root covers is never divided. */
const PAGES = 250;

/** What was sealed before a part: for each chain that wrote lately, what it had come to. */
export type Sealed = ReadonlyMap<string, Head>;

/** @param roots in their order */
export function sealedBy(roots: readonly AuditRootRow[]): Map<string, Head> {
  const sealed = new Map<string, Head>();
  for (const head of roots.flatMap(headsOf)) if (head[1] > numberIn(sealed, head[0])) sealed.set(head[0], head);
  return sealed;
}

/** As many of the roots, from the first on, as make a part. */
export function rootsOfPart(roots: readonly AuditRootRow[], before: Sealed): AuditRootRow[] {
  const sealed = new Map(before);
  let pages = 0;
  const fits = roots.findIndex((root, index) => {
    for (const head of headsOf(root)) {
      const [chain, n] = head;
      // Of a chain that was quiet for long it is not known where it stood.
      pages += sealed.has(chain) ? Math.max(0, n - numberIn(sealed, chain)) : 1;
      sealed.set(chain, head);
    }
    return index > 0 && pages > PAGES;
  });
  return fits < 0 ? [...roots] : roots.slice(0, fits);
}

/** Those of the pages that these roots were the first to seal. */
export function pagesOfPart(pages: readonly LogPage[], roots: readonly AuditRootRow[], before: Sealed): LogPage[] {
  const sealed = sealedBy(roots);
  return pages.filter(({ chain, n }) => n > numberIn(before, chain) && n <= numberIn(sealed, chain));
}

interface SealedPart {
  stage: string;
  roots: readonly AuditRootRow[];
  pages: readonly LogPage[];
  entries: readonly (readonly (StoredEntry | undefined)[])[];
  before: Sealed;
  /** Since when entries are kept, of the first part of a series; the others go on from the part before. */
  kept_since: Instant | undefined;
}

/**
 * What some roots sealed, as an export that is whole by itself: every page that they name is in it, and what it goes on from is said at
 * its begin. Parts that lie behind each other are one export.
 */
export function sealedPart(
  { stage, roots, pages, entries, before, kept_since }: SealedPart,
  key: AuditKey,
): AuditRecord[] {
  const framed = <T extends object>(said: T) => ({ ...said, hash: frameHash(key, Object.entries(said)) });
  const [first] = roots;
  const { kid } = key;
  const after = { root: (first?.n ?? 1) - 1, hash: first?.prev ?? "", chains: standing(roots, pages, before) };
  return [
    framed(
      kept_since === undefined
        ? { kind: "begin" as const, stage, kept_since: 0, kid, after }
        : { kind: "begin" as const, stage, kept_since, kid },
    ),
    ...roots.map(rootRecord),
    ...pages.map((page, index) => pageRecord(page, entries[index] ?? [])),
    framed({ kind: "end" as const, last_root: roots.at(-1)?.n ?? 0, last_page: pages.at(-1)?.order ?? "", kid }),
  ];
}

/** Where the chains of a part stood before it. A chain that it begins is not among them. */
function standing(roots: readonly AuditRootRow[], pages: readonly LogPage[], before: Sealed): Head[] {
  const stood = new Map<string, Head | undefined>(roots.flatMap(headsOf).map(([chain]) => [chain, before.get(chain)]));
  for (const { chain, n, prev } of pages.toReversed()) {
    stood.set(chain, n > 1 ? [chain, n - 1, prev] : undefined);
  }
  const heads = [...stood.values()].filter((head) => head !== undefined);
  return heads.sort(([a], [b]) => (a < b ? -1 : 1));
}

const numberIn = (sealed: Sealed, chain: string): number => sealed.get(chain)?.[1] ?? 0;
