import type { Limits } from "@omoios/contracts/limits";
import type { Instant } from "@omoios/kernel/clock";
import type { TaskId } from "@omoios/kernel/ids";
import { heldAs, type PulseRow } from "../agents/model.ts";
import type { RequestContext } from "../commit.ts";
import { unlessStale } from "../decide.ts";
import { timesOutAt } from "./due.ts";
import { becomeReady, type Decided, fail, loseLease, unaccepted, withDue } from "./lifecycle.ts";
import type { TaskRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";
import { repeatsItself } from "./progress.ts";
import { standingOf } from "./reads.ts";
import { releaseCompleted } from "./release.ts";
import { commitDecided, endedBy, freeSlotOf } from "./write.ts";

/** What rooms above do when a task's moment has come. */
interface Above {
  /** Everything that follows from its end. */
  settle(task: TaskRow): Promise<void>;
  /** It still waits after its dependencies were looked at once more: one that is lost must be named. */
  stillWaits(task: TaskRow): Promise<void>;
}

/**
 * Does what is due for a task: each moment loads the row and judges anew, so an early, late, lost or doubled message changes nothing.
 * What another wrote meanwhile is left to that one's own due moment.
 */
export async function taskIsDue(parts: TaskParts, ctx: RequestContext, task_id: TaskId, above: Above): Promise<void> {
  const task = await parts.store.get("task", { task_id });
  if (task?.due_at === undefined) return;
  if (task.due_at > ctx.now) {
    await parts.timers.set([{ kind: "task", id: task_id, due_at: task.due_at }], ctx.now);
    return;
  }
  await unlessStale(() => act(parts, ctx, task, above));
}

async function act(parts: TaskParts, ctx: RequestContext, task: TaskRow, above: Above): Promise<void> {
  if (task.settling) return above.settle(task);
  if (isPast(task.deadline_at, ctx.now) && !task.deadline_missed) return missDeadline(parts, ctx, task);
  switch (task.status) {
    case "pending":
      if (task.pending_reason === "backoff") return makeReady(parts, ctx, task);
      return checkDependencies(parts, ctx, task, above);
    case "waiting":
      return isPast(task.ready_at, ctx.now) ? makeReady(parts, ctx, task) : undefined;
    case "running":
      return judgeLease(parts, ctx, task);
    case "assigned":
      return isPast(task.lease_expires_at, ctx.now) ? passOver(parts, ctx, task) : undefined;
    default:
      return undefined;
  }
}

function isPast(moment: number | undefined, now: number): boolean {
  return moment !== undefined && moment <= now;
}

async function makeReady(parts: TaskParts, ctx: RequestContext, task: TaskRow): Promise<void> {
  const before = task.status === "waiting" ? [{ type: "task.resumed" as const }] : [];
  await commitDecided(
    parts,
    ctx,
    task,
    becomeReady(task, await standingOf(parts, ctx, task), ctx, parts.limits, before),
  );
}

async function missDeadline(parts: TaskParts, ctx: RequestContext, task: TaskRow): Promise<void> {
  const next = withDue({ ...task, deadline_missed: true }, parts.limits);
  await parts.commit(ctx, [{ kind: "task", before: task, after: next, events: [{ type: "task.deadline_missed" }] }]);
  await rearm(parts, ctx, next);
}

/** The call that made the task may have died before it looked at its dependencies a second time. */
async function checkDependencies(parts: TaskParts, ctx: RequestContext, task: TaskRow, above: Above): Promise<void> {
  await releaseCompleted(parts, ctx, task);
  const fresh = await parts.store.get("task", { task_id: task.task_id });
  if (fresh?.status !== "pending" || !fresh.checking) return;
  await above.stillWaits(fresh);
  await parts.commit(ctx, [
    { kind: "task", before: fresh, after: withDue({ ...fresh, checking: undefined }, parts.limits) },
  ]);
}

async function judgeLease(parts: TaskParts, ctx: RequestContext, task: TaskRow): Promise<void> {
  if (isPast(timesOutAt(task), ctx.now)) {
    const message = `The attempt took longer than ${task.timeout_seconds} s`;
    return end(parts, ctx, task, fail(task, { kind: "timeout", message }, ctx, parts.limits));
  }
  if (!isPast(task.lease_expires_at, ctx.now)) {
    // A word of the holder renewed the lease; this timer moves the due moment to where it now ends.
    if (repeatsItself(task, ctx.now, parts.limits)) return countRenewal(parts, ctx, task);
    return renew(parts, ctx, task, task);
  }
  const pulse = task.agent_id === undefined ? undefined : await parts.pulse.get(task.agent_id);
  const renewed = { ...task, lease_expires_at: ctx.now + parts.limits.lease_seconds * 1000 };
  if (pulse?.task_ids.includes(task.task_id)) {
    if (hasBeaten(task, pulse, parts.limits)) return countRenewal(parts, ctx, renewed, task);
    if (isPromised(pulse, ctx.now, parts.limits)) return renew(parts, ctx, task, renewed);
  }
  const why =
    (pulse?.left_out?.[heldAs(task)] ?? 0) >= parts.limits.beats_without_task
      ? "its agent no longer names it"
      : "its agent fell silent";
  return end(
    parts,
    ctx,
    task,
    loseLease(task, await standingOf(parts, ctx, task), `The lease ended: ${why}`, ctx, parts.limits),
  );
}

/** Whether the holder has beaten since the lease was last written. */
function hasBeaten(task: TaskRow, { beat_at }: PulseRow, { lease_seconds }: Pick<Limits, "lease_seconds">): boolean {
  return beat_at > (task.lease_expires_at ?? 0) - lease_seconds * 1000;
}

/** Whether the holder's next beat is still to come, as it said. Its silence until then tells nothing, also not that it is stuck. */
function isPromised(
  { next_by }: PulseRow,
  now: Instant,
  { heartbeat_tolerance_seconds }: Pick<Limits, "heartbeat_tolerance_seconds">,
): boolean {
  return next_by !== undefined && now <= next_by + heartbeat_tolerance_seconds * 1000;
}

/** The task's due moment moves to where its lease now ends. */
async function renew(parts: TaskParts, ctx: RequestContext, before: TaskRow, renewed: TaskRow): Promise<void> {
  const after = withDue(renewed, parts.limits);
  await parts.commit(ctx, [{ kind: "task", before, after }]);
  return rearm(parts, ctx, after);
}

/** One more lease of an agent that lives and does not get on. After too many of them the task is stuck, said once. */
async function countRenewal(parts: TaskParts, ctx: RequestContext, task: TaskRow, before = task): Promise<void> {
  const { limits } = parts;
  const renewals = (task.renewals ?? 0) + 1;
  const stuck = renewals >= limits.renewals_without_progress;
  const next = withDue({ ...task, renewals, ...(stuck ? { stuck: true as const } : {}) }, limits);
  const events = stuck && !task.stuck ? [{ type: "task.stuck" as const }] : [];
  await parts.commit(ctx, [{ kind: "task", before, after: next, events }]);
  await rearm(parts, ctx, next);
}

/**
 * The agent has not accepted in time: the task goes back to its lane, and is not pushed to that agent again at once. When it may be, and
 * nobody has taken it meanwhile, it is offered once more.
 */
async function passOver(parts: TaskParts, ctx: RequestContext, task: TaskRow): Promise<void> {
  const why = `The assignment was not accepted within ${parts.limits.assignment_seconds} s`;
  // Noted first: as soon as the task is ready it is dispatched.
  if (task.agent_id !== undefined)
    await freeSlotOf(parts, ctx, task.agent_id, task.task_id, task.fence, { taken: true, passed_over: true });
  await commitDecided(parts, ctx, task, unaccepted(task, await standingOf(parts, ctx, task), why, ctx, parts.limits));
  const again_at = ctx.now + parts.limits.assign_again_seconds * 1000;
  await parts.timers.set([{ kind: "offer", id: task.task_id, due_at: again_at }], ctx.now);
}

async function end(parts: TaskParts, ctx: RequestContext, task: TaskRow, decided: Decided): Promise<void> {
  await commitDecided(parts, ctx, task, decided);
  const ended = decided.attempt?.outcome === "timed_out" ? endedBy(task, false, ctx.now) : undefined;
  if (task.agent_id !== undefined) {
    await freeSlotOf(parts, ctx, task.agent_id, task.task_id, task.fence, { taken: true, ended });
  }
}

async function rearm(parts: TaskParts, ctx: RequestContext, task: TaskRow): Promise<void> {
  if (task.due_at !== undefined)
    await parts.timers.set([{ kind: "task", id: task.task_id, due_at: task.due_at }], ctx.now);
}
