import type { Instant } from "@omoios/kernel/clock";
import { expiryInDays } from "../expiry.ts";
import { rootHash } from "./chain.ts";
import type { AuditKey, AuditRootRow, Head, LogPage } from "./model.ts";

/** How many roots say what is sealed already; a page is looked at for three minutes. */
export const KNOWN_ROOTS = 5;

/**
 * The next root: what each chain has come to that the last roots do not cover. `undefined` where nothing was added.
 * @param roots the newest ones, newest first
 */
export function nextRoot(
  pages: readonly Pick<LogPage, "chain" | "n" | "hash">[],
  roots: readonly AuditRootRow[],
  key: AuditKey,
  now: Instant,
  retention_days: number,
): AuditRootRow | undefined {
  const sealed = new Map<string, number>();
  for (const [chain, n] of roots.flatMap(headsOf)) sealed.set(chain, Math.max(n, sealed.get(chain) ?? 0));
  const heads = new Map<string, Head>();
  for (const { chain, n, hash } of pages) {
    if (n > (heads.get(chain)?.[1] ?? sealed.get(chain) ?? 0)) heads.set(chain, [chain, n, hash]);
  }
  if (heads.size === 0) return undefined;
  const [newest] = roots;
  const root = {
    n: (newest?.n ?? 0) + 1,
    sealed_at: now,
    heads: JSON.stringify([...heads.values()].sort(([a], [b]) => (a < b ? -1 : 1))),
    kid: key.kid,
    prev: newest?.hash ?? "",
    prev_at: newest?.sealed_at ?? 0,
    ttl: expiryInDays(now, retention_days),
  };
  return { version: 0, ...root, hash: rootHash(key, root) };
}

export function headsOf({ heads }: Pick<AuditRootRow, "heads">): Head[] {
  return JSON.parse(heads) as Head[];
}
