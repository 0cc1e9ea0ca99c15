import type { Instant } from "@omoios/kernel/clock";
import { type Change, type Changes, type Image, keyText } from "./changes.ts";

/** The longest that an index or a weak read may lag behind the table. */
export const MOST_LAG_MS = 2_000;

interface Query {
  TableName: string;
  IndexName?: string;
  Limit?: number;
  ScanIndexForward?: boolean;
  ExpressionAttributeValues: Image;
}

export interface QueryAnswer {
  Items: Image[];
  Count: number;
  ScannedCount?: number;
  LastEvaluatedKey?: Image;
}

/** The keys of the state table's indexes, and how each is asked. */
const INDEXES: Record<string, { partition: string; sort: string; value: string }> = {
  ready: { partition: "ready_lane", sort: "virtual_start", value: ":lane" },
  due: { partition: "due_bucket", sort: "due_at", value: ":bucket" },
  list: { partition: "list", sort: "list_at", value: ":list" },
};

/**
 * Turns the answer of an index into one that is up to two seconds old: an item whose last change is not yet there to be seen stands as
 * it stood before. Each item lags by itself, and never goes back behind what was there to be seen.
 */
export function agedAnswer(query: Query, answer: QueryAnswer, changes: Changes, now: Instant): QueryAnswer {
  const index = INDEXES[query.IndexName ?? ""];
  if (index === undefined) return answer;
  const unseen = unseenItems(changes, now);
  if (unseen.size === 0) return answer;
  const kept = answer.Items.filter((item) => !unseen.has(keyText(item)));
  const wanted = query.ExpressionAttributeValues[index.value]?.S;
  const until = query.ExpressionAttributeValues[":until"]?.N;
  const older = [...unseen.values()].filter(
    (image): image is Image =>
      image?.[index.partition]?.S === wanted &&
      image?.[index.sort] !== undefined &&
      (until === undefined || Number(image[index.sort]?.N) <= Number(until)),
  );
  if (older.length === 0 && kept.length === answer.Items.length) return answer;
  const Items = [...kept, ...older].sort((a, b) => compare(a, b, index.sort));
  if (query.ScanIndexForward === false) Items.reverse();
  return { ...answer, Items, Count: Items.length };
}

/** A weak read of an item of the table, as old as the indexes. */
export function agedItems(items: readonly Image[], asked: readonly Image[], changes: Changes, now: Instant): Image[] {
  const unseen = unseenItems(changes, now);
  const kept = items.filter((item) => !unseen.has(keyText(item)));
  return [...kept, ...asked.map((key) => unseen.get(keyText(key))).filter((image) => image !== undefined)];
}

/** Items whose newest change cannot be seen yet, as they look until then; `undefined` for those that were not there. */
function unseenItems(changes: Changes, now: Instant): Map<string, Image | undefined> {
  const shown = new Map<string, Image | undefined>();
  const settled = new Set<string>();
  for (let at = changes.all.length - 1; at >= 0; at--) {
    const change = changes.all[at] as Change;
    if (change.at + MOST_LAG_MS < now) break;
    if (settled.has(change.key)) continue;
    if (change.at + change.lag_ms <= now) settled.add(change.key);
    else shown.set(change.key, change.entry.dynamodb.OldImage);
  }
  return shown;
}

function compare(a: Image, b: Image, sort: string): number {
  const [left, right] = [a[sort], b[sort]];
  if (left?.N !== undefined && right?.N !== undefined && left.N !== right.N) return Number(left.N) - Number(right.N);
  const [one, other] = [left?.S ?? keyText(a), right?.S ?? keyText(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** How many of the newest changes an index may not show yet. */
export function recentChanges({ all }: Changes, now: Instant): number {
  let count = 0;
  for (let at = all.length - 1; at >= 0 && (all[at]?.at ?? 0) + MOST_LAG_MS >= now; at--) count++;
  return count;
}
