import { createHmac } from "node:crypto";
import type { Envelope } from "@omoios/contracts/events";
import type { Instant } from "@omoios/kernel/clock";
import type { AuditKey, AuditRootRow, LogPage, StoredEntry } from "./model.ts";

/** SHA-256 under the stage's key, in base64url: who can write the tables alone cannot make one. */
function keyedHash({ secret }: AuditKey, ...said: readonly unknown[]): string {
  return createHmac("sha256", secret).update(JSON.stringify(said)).digest("base64url");
}

export function entryHash(key: AuditKey, { event, before, page, prev_hash }: Omit<StoredEntry, "hash">): string {
  return keyedHash(key, "entry", prev_hash, page, event, before ?? "");
}

/** @param last the hash of the page's last entry, in which all its entries are */
export function pageHash(key: AuditKey, page: Omit<LogPage, "hash">, last: string): string {
  const { of, order, chain, n, kid, keys, prev, prev_at } = page;
  return keyedHash(key, "page", of, order, chain, n, kid, keys, prev, prev_at, last);
}

export function rootHash(key: AuditKey, root: Omit<AuditRootRow, "hash" | "version">): string {
  const { n, sealed_at, heads, kid, prev, prev_at, ttl } = root;
  return keyedHash(key, "root", n, sealed_at, heads, kid, prev, prev_at, ttl);
}

/** What stands at an export's begin and end, and says how much it holds. */
export function frameHash(key: AuditKey, ...said: readonly unknown[]): string {
  return keyedHash(key, "frame", ...said);
}

/** What a page's entries say of it: its chain and its number there. */
export const nameOfPage = ({ chain, n }: Pick<LogPage, "chain" | "n">): string => `${chain}#${n}`;

/** Entries of a page as they go on after `prev`, and the hash that the next one goes on from. */
export function chained(
  key: AuditKey,
  { chain, n, prev }: Pick<LogPage, "chain" | "n" | "prev">,
  texts: readonly { event: string; before?: string | undefined }[],
): { entries: StoredEntry[]; last: string } {
  let last = prev;
  const page = nameOfPage({ chain, n });
  const entries = texts.map(({ event, before }) => {
    const entry = { event, ...(before === undefined ? {} : { before }), page, prev_hash: last };
    last = entryHash(key, entry);
    return { ...entry, hash: last };
  });
  return { entries, last };
}

/** Who follows the log reads up to so long ago: a page has landed by then, by any clock of the plane's machines. */
export const SETTLED_MS = 1_000;
/** A page that took longer to land may have come in behind a follower; its writer lists its entries once more. The rest is for clocks. */
export const LISTED_WITHIN_MS = 750;
/** How far apart the clocks of the plane's machines may be. */
export const CLOCKS_MS = SETTLED_MS - LISTED_WITHIN_MS;

/** When a page was listed, its chain and its number there. Pages of one moment stand by their chain. */
export function orderOf(at: Instant, chain = "", n = 0): string {
  return `${String(at).padStart(14, "0")}#${chain}#${String(n).padStart(8, "0")}`;
}

export const timeOfOrder = (order: string): Instant => Number(order.slice(0, 14));

/** An entry's key: its event's time and id, and its subject where the id does not begin with it. */
export function keyOfEntry({ id, time, subject }: Envelope): string {
  const key = `${time}#${id}`;
  return id.startsWith(`${subject.id}#`) ? key : `${subject.id}|${key}`;
}

/** What `keyOfEntry` made: the subject, and the place among its entries. */
export function placeOfEntry(key: string): { subject: string; place: string } {
  const bar = key.indexOf("|");
  if (bar >= 0) return { subject: key.slice(0, bar), place: key.slice(bar + 1) };
  const [, subject = ""] = key.split("#");
  return { subject, place: key };
}
