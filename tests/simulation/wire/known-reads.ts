import { type Changes, type Image, keyText } from "./changes.ts";
import type { Answer } from "./emulator.ts";
import { MOST_LAG_MS } from "./old-reads.ts";

interface Read {
  TableName?: string;
  Key?: Image;
  IndexName?: string;
  ExpressionAttributeValues?: Image;
  RequestItems?: Record<string, { Keys: Image[] }>;
}

/** One in so many of these reads is asked of the emulator all the same, and must be answered alike. */
export const COMPARED_ONE_IN = 16;

/**
 * The answer to a read of the state table by key, and to a look into an empty part of an index, as everything that was committed tells
 * it: it is what the emulator would say, in a fraction of the time. `undefined` for what the emulator must be asked.
 */
export function knownAnswer(operation: string, read: Read, state: string, changes: Changes): Answer | undefined {
  if (operation === "GetItem" && read.TableName === state && read.Key !== undefined) {
    const Item = changes.current.get(keyText(read.Key));
    return ok(Item === undefined ? {} : { Item });
  }
  if (operation === "BatchGetItem" && read.RequestItems !== undefined) {
    const { [state]: wanted, ...others } = read.RequestItems;
    if (wanted === undefined || Object.keys(others).length > 0) return undefined;
    const keys = wanted.Keys.map(keyText).sort();
    const found = keys.map((key) => changes.current.get(key)).filter((image) => image !== undefined);
    return ok({ Responses: { [state]: found }, UnprocessedKeys: {} });
  }
  if (operation === "Query" && read.TableName === state && read.IndexName === "due") {
    const bucket = read.ExpressionAttributeValues?.[":bucket"]?.S;
    const stands = [...changes.current.values()].some(({ due_bucket }) => due_bucket?.S === bucket);
    if (!stands) return ok({ Count: 0, Items: [], ScannedCount: 0 });
  }
  return undefined;
}

const ok = (answer: unknown): Answer => ({ status: 200, body: JSON.stringify(answer) });

/** How many of the newest changes an index may not show yet. */
export function recentChanges({ all }: Changes, now: number): number {
  let count = 0;
  for (let at = all.length - 1; at >= 0 && (all[at]?.at ?? 0) + MOST_LAG_MS >= now; at--) count++;
  return count;
}
