import type { Change, Guard, RequestContext } from "../commit.ts";
import type { LaneHints } from "../store.ts";
import type { ClassRow, LaneRow, PairRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";

/** A transaction has room for so many pairs beside the row that they belong to. */
const PAIRS = 99;

type Parts = Pick<TaskParts, "store" | "commit" | "limits">;

/**
 * Removes a lane in which nothing is ready, with all that claims find it by, unless somebody has touched it lately. Whoever makes a task
 * or lets it become ready has touched its lane within the hour before, so one untouched for longer gets nothing new. Throws `Stale` when it is touched meanwhile.
 */
export async function retireLane(
  parts: Parts,
  hints: Pick<LaneHints, "forget">,
  ctx: RequestContext,
  lane: LaneRow,
  classes: readonly ClassRow[],
): Promise<void> {
  if (ctx.now - lane.touched_at < parts.limits.lane_idle_seconds * 1000) return;
  const keys = classes.map(({ class_id }) => ({ class_id, lane: lane.lane }));
  const pairs = await parts.store.getMany("pair", keys);
  await removeWithPairs(parts, ctx, { kind: "lane", row: lane }, { kind: "lane", before: lane }, pairs);
  await hints.forget(lane.lane);
}

/**
 * Removes a class of which no agent lives, with the lanes that its agents found, unless somebody has registered with it lately. One that
 * somebody lives of counts as touched, so that it is asked for no more often than it would be retired. An agent that comes back from
 * quarantine touches its class again. Throws `Stale` when somebody registers meanwhile.
 */
export async function retireClass(parts: Parts, ctx: RequestContext, row: ClassRow): Promise<void> {
  const { lane_idle_seconds, first_heartbeat_seconds } = parts.limits;
  // Who registered under a class that was touched in time has beaten by then, and stands in its list.
  if (ctx.now - row.touched_at < (lane_idle_seconds + first_heartbeat_seconds) * 1000) return;
  if (await hasLiving(parts, row.class_id)) {
    await parts.commit(ctx, [{ kind: "agent_class", before: row, after: { ...row, touched_at: ctx.now } }]);
    return;
  }
  const pairs = await parts.store.all("pair", { class_id: row.class_id });
  await removeWithPairs(parts, ctx, { kind: "agent_class", row }, { kind: "agent_class", before: row }, pairs);
}

/** Whether an agent of the class lives, as a list tells that may be a moment old. */
export async function hasLiving({ store }: Pick<TaskParts, "store">, class_id: string): Promise<boolean> {
  return (await store.list("agent", `class#${class_id}`, { limit: 1 })).rows.length > 0;
}

/**
 * The row goes last, so that what a process leaves that dies is found by it, and the next sweep goes on. As long as it stands, the
 * pairs that are gone are compiled again.
 */
async function removeWithPairs(
  { commit }: Parts,
  ctx: RequestContext,
  untouched: Guard,
  own: Change,
  pairs: readonly PairRow[],
): Promise<void> {
  const gone = pairs.map((before): Change => ({ kind: "pair", before }));
  while (gone.length > PAIRS) await commit(ctx, gone.splice(0, PAIRS), { guards: [untouched] });
  await commit(ctx, [own, ...gone]);
}
