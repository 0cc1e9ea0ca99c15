import type { Clock, Instant } from "@omoios/kernel/clock";
import { type NoteRead, UNCOUNTED } from "../cache-counts.ts";
import type { LaneHint, LaneHints } from "../store.ts";
import { laneOfShard, shardNumberOf, shardOf } from "./lane.ts";

/** How long a lane counts as holding a task that became ready there: by then the stream's figures know of it. */
const READY_MS = 5_000;

/** Hints of where work lies: those of the table, kept for a while, and what this process has seen since. */
export interface CachedHints {
  /** Up to `keep_ms` old; up to `again_ms` where they show no work in any of the lanes. */
  of(lanes: readonly string[]): Promise<ReadonlyMap<string, LaneHint>>;
  /** Up to `again_ms` old: for whom older ones promised wrongly. */
  again(lanes: readonly string[]): Promise<ReadonlyMap<string, LaneHint>>;
  /** A task became ready in the shard, with this virtual start. */
  sawReady(ready_lane: string, first: Instant): void;
  /** The shard was empty when it was looked into at that time. */
  sawEmpty(ready_lane: string, at: Instant): void;
  /** The shard of these lanes where a task became ready last, not before `since`, and none has found it empty after. */
  readySince(lanes: Iterable<string>, since: Instant): string | undefined;
}

interface Kept {
  hint: LaneHint | undefined;
  read_at: Instant;
}

/** What this process saw of a shard: where its work begins, or that there is none. */
interface Sight {
  first: Instant | undefined;
  at: Instant;
}

/** Whether hints show work in any lane. */
export function showWork(hints: ReadonlyMap<string, LaneHint>): boolean {
  return [...hints.values()].some(({ shards }) => shards.some(({ depth }) => depth > 0));
}

/** The hints of one process. */
export function cachedHints(
  table: Pick<LaneHints, "read">,
  clock: Clock,
  { keep_ms, again_ms, note_read = UNCOUNTED }: { keep_ms: number; again_ms: number; note_read?: NoteRead },
): CachedHints {
  const kept = new Map<string, Kept>();
  /** By lane and the number of its shard. */
  const sights = new Map<string, Map<number, Sight>>();

  const refresh = async (lanes: readonly string[], most_ms: number) => {
    const now = clock.now();
    const old = lanes.filter((lane) => (kept.get(lane)?.read_at ?? Number.NEGATIVE_INFINITY) + most_ms <= now);
    if (lanes.length > 0) note_read(old.length === 0);
    if (old.length === 0) return;
    const read = await table.read(old);
    for (const lane of old) kept.set(lane, { hint: read.get(lane), read_at: now });
  };

  const known = (lanes: readonly string[]): ReadonlyMap<string, LaneHint> =>
    new Map(
      lanes.flatMap((lane) => {
        const hint = withSights(lane, kept.get(lane), sights.get(lane), clock.now());
        return hint === undefined ? [] : [[lane, hint] as const];
      }),
    );

  const again = async (lanes: readonly string[]) => {
    await refresh(lanes, Math.min(again_ms, keep_ms));
    return known(lanes);
  };

  const saw = (ready_lane: string, sight: Sight) => {
    const lane = laneOfShard(ready_lane);
    const of = sights.get(lane) ?? new Map<number, Sight>();
    sights.set(lane, of.set(shardNumberOf(ready_lane), sight));
  };

  return {
    again,

    async of(lanes) {
      await refresh(lanes, keep_ms);
      const hints = known(lanes);
      return showWork(hints) ? hints : again(lanes);
    },

    sawReady(ready_lane, first) {
      saw(ready_lane, { first, at: clock.now() });
    },

    sawEmpty(ready_lane, at) {
      const before = sights.get(laneOfShard(ready_lane))?.get(shardNumberOf(ready_lane));
      // What became ready while the look was under way may have come behind it.
      if (before === undefined || before.at <= at) saw(ready_lane, { first: undefined, at });
    },

    readySince(lanes, since) {
      const ready = [...lanes].flatMap((lane) =>
        [...(sights.get(lane) ?? [])].flatMap(([shard, { first, at }]) =>
          first !== undefined && at >= since ? [{ ready_lane: shardOf(lane, shard), at }] : [],
        ),
      );
      return ready.sort((a, b) => b.at - a.at)[0]?.ready_lane;
    },
  };
}

/** The table's hint of a lane as corrected by what was seen of its shards. */
function withSights(
  lane: string,
  kept: Kept | undefined,
  seen: ReadonlyMap<number, Sight> | undefined,
  now: Instant,
): LaneHint | undefined {
  if (seen === undefined) return kept?.hint;
  const shards = new Map((kept?.hint?.shards ?? []).map((row) => [row.shard, row]));
  for (const [shard, { first, at }] of seen) {
    const { depth = 0, first: from = first } = shards.get(shard) ?? {};
    if (first === undefined && at >= (kept?.read_at ?? at)) shards.delete(shard);
    if (first !== undefined && at + READY_MS > now)
      shards.set(shard, {
        shard,
        depth: Math.max(1, depth),
        first: depth > 0 ? Math.min(first, from ?? first) : first,
      });
  }
  return { lane, shards: [...shards.values()] };
}
