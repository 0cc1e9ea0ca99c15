import type { Limits } from "@omoios/contracts/limits";
import type { Instant } from "@omoios/kernel/clock";
import type { AgentId, TaskId } from "@omoios/kernel/ids";
import { noteStop, rememberFailure, withoutTask } from "../agents/acting.ts";
import type { AgentRow } from "../agents/model.ts";
import { counted, type Ended } from "../agents/record.ts";
import type { Change, RequestContext } from "../commit.ts";
import { unlessStale } from "../decide.ts";
import { unstuck } from "./ended.ts";
import type { Decided } from "./lifecycle.ts";
import type { TaskRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";

/** Writes a decision with the rows that go with it, in one transaction, and tells waiting claims of a task that became ready. */
export async function commitDecided(
  parts: Pick<TaskParts, "commit" | "watch">,
  ctx: RequestContext,
  before: TaskRow,
  decided: Decided,
  more: readonly Change[] = [],
  made?: string,
): Promise<TaskRow> {
  const { next } = decided;
  const events = [...unstuck(before, next), ...decided.events];
  const changes: Change[] = [{ kind: "task", before, after: next, events }];
  if (decided.attempt !== undefined) changes.push({ kind: "attempt", after: decided.attempt, overwrite: true });
  if (decided.dead_letter !== undefined) {
    changes.push({ kind: "dead_letter", after: decided.dead_letter, events: [{ type: "task.dead_lettered" }] });
  }
  const [row] = await parts.commit(ctx, [...changes, ...more], made === undefined ? {} : { made });
  if (next.status === "ready") parts.watch.notify(next.lane);
  return row as TaskRow;
}

/** How the holder was parted from its task: by its own word, or because the plane took it away; and what that says of the holder. */
export interface Parting {
  /** The plane took the task away: the agent is told to stop it. */
  taken?: boolean;
  /** It did not accept the task: another one is asked first for a while. */
  passed_over?: boolean;
  /** The attempt ended, for or against its agent. */
  ended?: Ended | undefined;
}

/**
 * Takes the task out of its holder's slots, best effort: a slot left behind counts as free. What came of it is counted there, a
 * failure is remembered, and so is a task that was taken away.
 */
export async function freeSlotOf(
  parts: Pick<TaskParts, "store" | "commit" | "limits">,
  ctx: RequestContext,
  holder: AgentRow | AgentId,
  task_id: TaskId,
  fence: number,
  parting: Parting,
): Promise<void> {
  const agent_id = typeof holder === "string" ? holder : holder.agent_id;
  let known = typeof holder === "string" ? undefined : holder;
  for (let tries = 0; tries < 3; tries++) {
    const before = known ?? (await parts.store.get("agent", { agent_id }));
    known = undefined;
    if (before === undefined) return;
    const freed = withoutTask(before, task_id, fence);
    // The row that came with the request may be older than the claim that filled the slot.
    if (freed === before && tries === 0 && typeof holder !== "string") continue;
    // A task that it does not hold is not taken from it.
    if (freed === before && !parting.ended) return;
    const after = withNotes(freed, parting, task_id, ctx.now, parts.limits, freed !== before);
    if (after === before) return;
    if (await unlessStale(() => parts.commit(ctx, [{ kind: "agent", before, after }]))) return;
  }
}

function withNotes(
  agent: AgentRow,
  { taken = false, passed_over = false, ended }: Parting,
  task_id: TaskId,
  now: Instant,
  limits: Limits,
  held: boolean,
): AgentRow {
  const told = taken && held ? noteStop(agent, task_id, now, limits) : agent;
  // An end that is told twice counts once: the first has emptied the slot.
  const judged = ended !== undefined && held ? counted(told, ended) : told;
  return passed_over || ended?.completed === false ? rememberFailure(judged, task_id, now, limits) : judged;
}

/** What the end of an attempt says of its agent. */
export function endedBy(task: TaskRow, completed: boolean, now: Instant): Ended {
  return { phase_id: task.phase_id, completed, busy_ms: now - (task.started_at ?? now) };
}
