import { chained, keyOfEntry, LISTED_WITHIN_MS, orderOf, pageHash } from "@omoios/domain/audit/chain";
import type { AuditKeys, Entry, LogPage, PageKind } from "@omoios/domain/audit/model";
import type { LogWriter } from "@omoios/domain/audit/ports";
import { expiryInDays } from "@omoios/domain/expiry";
import type { Clock, Instant } from "@omoios/kernel/clock";
import { newId } from "@omoios/kernel/ids";
import type { Random } from "@omoios/kernel/random";
import { putAll } from "./batch-write.ts";
import type { Tables } from "./client.ts";
import { keyOfListed, MINUTES, minuteOfOrder, partitionOfMinute, sortKeyOfMinute } from "./log-keys.ts";
import type { Item } from "./rows.ts";

export interface LogWriterParts {
  tables: Tables;
  keys: Pick<AuditKeys, "newest">;
  clock: Clock;
  random: Random;
  retention_days: number;
}

/** A chain of this process, and what it came to. */
interface Chain {
  name: string;
  n: number;
  hash: string;
  at: Instant;
}

/**
 * How often entries are listed, each time as a page of another chain. The last counts however long it took: where each write is that
 * slow, a log that stands still would be worse than a follower that must read again.
 */
const TRIES = 3;

/**
 * Writes the log and its chains. Whoever writes takes a chain that nobody writes to at this moment, or begins one; one whose writer
 * failed is left as it is, because nobody knows whether its last page was written. So is one whose last page may have landed behind
 * those who follow the log: what they would have missed is listed again.
 */
export function logWriter({ tables, keys, clock, random, retention_days }: LogWriterParts): LogWriter {
  const free: Chain[] = [];
  let enteredMinute: number | undefined;

  const writePage = async (page: LogPage, ttl: number): Promise<void> => {
    const minute = minuteOfOrder(page.order);
    const { order, ...listed } = page;
    const rows: Item[] = [{ pk: partitionOfMinute(minute), sk: order, ...listed, ttl }];
    if (enteredMinute !== minute) rows.push({ pk: MINUTES, sk: sortKeyOfMinute(minute), ttl });
    await putAll(tables, rows);
    enteredMinute = minute;
  };

  /** Writes the entries as a page of a chain, and gives what lists the page and says whether it landed in time. */
  const keepOnce = async (named: ReadonlyMap<string, Entry>, of: PageKind): Promise<() => Promise<boolean>> => {
    const key = await keys.newest();
    const chain = free.pop() ?? { name: newId("request", random).slice(-10), n: 0, hash: "", at: 0 };
    const texts = [...named.values()].map(({ event, before }) => ({
      event: JSON.stringify(event),
      ...(before === undefined ? {} : { before: JSON.stringify(before) }),
    }));
    const n = chain.n + 1;
    const { entries: stored, last } = chained(key, { chain: chain.name, n, prev: chain.hash }, texts);
    const ttl = expiryInDays(clock.now(), retention_days);
    const names = [...named.keys()];
    await putAll(
      tables,
      stored.map((entry, index) => ({ ...keyOfListed(of, names[index] ?? ""), ...entry, ttl })),
    );
    return async () => {
      const begun = clock.now();
      const at = Math.max(begun, chain.at);
      const order = orderOf(at, chain.name, n);
      const said = { of, order, chain: chain.name, n, kid: key.kid, keys: names, prev: chain.hash, prev_at: chain.at };
      const hash = pageHash(key, said, last);
      await writePage({ ...said, hash }, ttl);
      if (clock.now() - begun > LISTED_WITHIN_MS) return false;
      free.push({ name: chain.name, n, hash, at });
      return true;
    };
  };

  return {
    async keep(entries: readonly Entry[], of: PageKind) {
      // A batch of stream records may hold a row's change twice.
      const named = new Map(entries.map((entry) => [keyOfEntry(entry.event), entry]));
      if (named.size === 0) return async () => undefined;
      let list = await keepOnce(named, of);
      return async () => {
        for (let tries = 1; !(await list()) && tries < TRIES; tries++) list = await keepOnce(named, of);
      };
    },
  };
}
