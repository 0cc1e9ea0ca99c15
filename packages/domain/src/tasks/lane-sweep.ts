import type { RequestContext } from "../commit.ts";
import { unlessStale } from "../decide.ts";
import { inTurn } from "../in-turn.ts";
import type { LaneHints } from "../store.ts";
import { missingFor, shardOf } from "./lane.ts";
import type { LanesAndClasses } from "./lane-book.ts";
import type { ClassRow, LaneRow, ReadyEntry } from "./model.ts";
import type { TaskParts } from "./parts.ts";
import { hasLiving, retireClass, retireLane } from "./retire.ts";

/**
 * Looks at every lane once: hints that are wrong are set to what stands there, lanes empty for a day are removed, and a lane whose work
 * no living agent can take says so once, by its oldest task, until an agent that can appears. Classes without agents go as lanes do.
 */
export async function sweepLanes(
  parts: TaskParts,
  hints: LaneHints,
  ctx: RequestContext,
  { lanes, classes }: LanesAndClasses,
): Promise<void> {
  await inTurn(lanes, async (lane) => {
    const firsts = await Promise.all(
      Array.from({ length: lane.shards }, async (_, shard) => ({
        shard,
        entry: (await parts.lanes.page(shardOf(lane.lane, shard), 1))[0],
      })),
    );
    const known = (await hints.read([lane.lane])).get(lane.lane);
    const wrong = firsts.filter(({ shard, entry }) => {
      const hint = known?.shards.find((row) => row.shard === shard);
      return (hint?.depth ?? 0) > 0 !== (entry !== undefined);
    });
    if (wrong.length > 0)
      await hints.mend(
        lane.lane,
        wrong.map(({ shard, entry }) => ({ shard, first: entry?.virtual_start })),
      );
    const depth = (known?.shards ?? []).reduce((sum, shard) => sum + Math.max(0, shard.depth), 0);
    const entries = firsts.flatMap(({ entry }) => entry ?? []);
    const waiting = Math.max(depth, entries.length);
    const [oldest] = entries.sort((a, b) => a.virtual_start - b.virtual_start);
    // Another may write the same rows in this moment; the next sweep looks again.
    await unlessStale(() =>
      oldest === undefined
        ? retireLane(parts, hints, ctx, lane, classes)
        : tellWhetherServed(parts, ctx, lane, classes, { oldest, waiting }),
    );
  });
  await inTurn(classes, async (row) => void (await unlessStale(() => retireClass(parts, ctx, row))));
}

/** @param waiting how many tasks wait there, as far as it is known */
async function tellWhetherServed(
  parts: TaskParts,
  ctx: RequestContext,
  lane: LaneRow,
  classes: readonly ClassRow[],
  { oldest, waiting }: { oldest: ReadyEntry; waiting: number },
): Promise<void> {
  const able = classes.filter((row) => missingFor(lane, row).length === 0).map(({ class_id }) => class_id);
  const served = await anyLiving(parts, able);
  if (served && lane.unmatchable)
    await parts.commit(ctx, [{ kind: "lane", before: lane, after: { ...lane, unmatchable: undefined } }]);
  if (served || lane.unmatchable) return;
  const task = await parts.store.get("task", { task_id: oldest.task_id });
  const waits = ctx.now - (task?.ready_at ?? ctx.now);
  if (task?.status !== "ready" || waits < parts.limits.unmatchable_after_seconds * 1000) return;
  await parts.commit(ctx, [
    { kind: "lane", before: lane, after: { ...lane, unmatchable: true } },
    {
      kind: "task",
      before: task,
      after: task,
      events: [{ type: "task.unmatchable", data: { lane: lane.lane, tasks: waiting } }],
    },
  ]);
}

async function anyLiving(parts: TaskParts, class_ids: readonly string[]): Promise<boolean> {
  for (const class_id of class_ids) if (await hasLiving(parts, class_id)) return true;
  return false;
}
