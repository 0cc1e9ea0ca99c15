import type { Limits } from "@omoios/contracts/limits";
import type { Random } from "@omoios/kernel/random";
import type { LaneHint } from "../store.ts";
import { shardOf } from "./lane.ts";
import type { PairRow, ReadyEntry } from "./model.ts";

/**
 * The order in which a claimer takes a page's entries: those near the first are equally good and come shuffled, so that claimers
 * spread out; the rest follows as it stands. What the agent failed lately comes last.
 */
export function pickOrder(
  entries: readonly ReadyEntry[],
  given: { spread_ms: number; avoid: (task_id: string) => boolean; random: Random },
): ReadyEntry[] {
  const first = entries[0]?.virtual_start ?? 0;
  const near = entries.filter((entry) => entry.virtual_start <= first + given.spread_ms);
  const far = entries.slice(near.length);
  const order = [...shuffled(near, given.random), ...far];
  return [
    ...order.filter(({ task_id }) => !given.avoid(task_id)),
    ...order.filter(({ task_id }) => given.avoid(task_id)),
  ];
}

/**
 * The lane shards that a claim looks at, `most` at most: those of `hintedLanes`. One call in `one_in` looks at a random one before them,
 * and one that sees no hint of work at a random one alone, in case a hint is wrong.
 */
export function lanesToTry(
  pairs: readonly PairRow[],
  hints: ReadonlyMap<string, LaneHint>,
  given: { most: number; one_in: number; random: Random },
): string[] {
  if (pairs.length === 0) return [];
  const looksAnywhere = given.random() < 1 / given.one_in;
  const hinted = hintedLanes(pairs, hints, given);
  if (hinted.length > 0 && !looksAnywhere) return hinted;
  return [...new Set([...randomLane(pairs, given.random), ...hinted])].slice(0, given.most);
}

/** One lane shard of all; none where there is no lane. */
export function randomLane(pairs: readonly PairRow[], random: Random): string[] {
  const pair = pairs[Math.floor(random() * pairs.length)];
  return pair === undefined ? [] : [shardOf(pair.lane, Math.floor(random() * pair.shards))];
}

/** The lane shards that hold work by the hints: of the lane with the oldest first entry, then of the next, `most` at most. */
export function hintedLanes(
  pairs: readonly PairRow[],
  hints: ReadonlyMap<string, LaneHint>,
  given: { most: number; random: Random },
): string[] {
  const full = pairs
    .map(({ lane }) => ({ lane, shards: (hints.get(lane)?.shards ?? []).filter(({ depth }) => depth > 0) }))
    .filter(({ shards }) => shards.length > 0)
    .map(({ lane, shards }) => ({ lane, shards, first: Math.min(...shards.map((shard) => shard.first ?? 0)) }))
    .sort((a, b) => a.first - b.first);
  const tried = full.slice(0, given.most);
  // A lane of many shards is tried in as many as there are tries left, so that its other shards are not passed over.
  const each = Math.max(1, Math.floor(given.most / tried.length));
  return tried.flatMap(({ lane, shards }) =>
    shuffled(shards, given.random)
      .slice(0, each)
      .map(({ shard }) => shardOf(lane, shard)),
  );
}

/** When an empty-handed agent should ask again: at first soon after work, later less often, never all at the same moment. */
export function retryAfterMs(
  emptyInARow: number,
  limits: Pick<Limits, "claim_retry_after_ms" | "claim_retry_jitter">,
  random: Random,
): number {
  const { least, most } = limits.claim_retry_after_ms;
  const grown = Math.min(least * 2 ** Math.min(emptyInARow, 20), most);
  const jitter = limits.claim_retry_jitter;
  return Math.round(grown * (1 - jitter + 2 * jitter * random()));
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  const order = [...list];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const [a, b] = [order[i], order[j]];
    if (a !== undefined && b !== undefined) [order[i], order[j]] = [b, a];
  }
  return order;
}
