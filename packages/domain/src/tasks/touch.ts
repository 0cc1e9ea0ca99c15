import type { Limits } from "@omoios/contracts/limits";
import type { Commit, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import type { Store } from "../store.ts";
import { laneOf } from "./lane.ts";
import type { ClassRow, LaneRow } from "./model.ts";

const HOUR_MS = 3_600_000;

interface Parts {
  store: Store;
  commit: Commit;
  limits: Limits;
}

/** How long a lane or class that was touched counts as touched: far less than it must lie untouched before it is retired. */
export const touchedForMs = ({ lane_idle_seconds }: Limits): number => Math.min(HOUR_MS, lane_idle_seconds * 500);

/** The lane's row as it stands, made if there is none; `fresh` when its pairs must be compiled. */
export async function touchLane(
  { store, commit, limits }: Parts,
  ctx: RequestContext,
  wanted: LaneRow,
): Promise<{ lane: LaneRow; fresh: boolean }> {
  let fresh = false;
  // Who writes the same lane in this moment may be retiring it: then it is made again.
  return untilSettled(async () => {
    const before = await store.get("lane", { lane: wanted.lane });
    const grown = before !== undefined && before.shards < wanted.shards;
    const touched = before !== undefined && ctx.now - before.touched_at < touchedForMs(limits);
    if (touched && !grown) return { lane: before, fresh };
    // Where another makes it, its pairs are ours too, and writing them twice is one.
    fresh ||= before === undefined || grown;
    const after: LaneRow = {
      ...(before ?? wanted),
      shards: Math.max(before?.shards ?? 1, wanted.shards),
      touched_at: ctx.now,
    };
    await commit(ctx, [before === undefined ? { kind: "lane", after } : { kind: "lane", before, after }]);
    return { lane: after, fresh };
  });
}

/** Makes the class's row, or says that somebody registers with it, so that whoever is retiring it in this moment leaves it. */
export async function touchClass(
  { store, commit, limits }: Parts,
  ctx: RequestContext,
  wanted: ClassRow,
): Promise<void> {
  await untilSettled(async () => {
    const before = await store.get("agent_class", { class_id: wanted.class_id });
    // Of a fleet that registers at once, one writes.
    if (before !== undefined && ctx.now - before.touched_at < touchedForMs(limits) / 2) return;
    await commit(ctx, [
      before === undefined
        ? { kind: "agent_class", after: wanted }
        : { kind: "agent_class", before, after: { ...before, touched_at: ctx.now } },
    ]);
  });
}

/** A lane's shards, as it is configured. */
export function shardsFor({ lanes }: Limits, lane: string): number {
  const named = lanes.find((row) => laneOf(row.phase_id, row.required_capabilities) === lane);
  return named?.shards ?? 1;
}
