import type { Limits } from "@omoios/contracts/limits";
import type { ErrorKind, Handoff } from "@omoios/contracts/shapes/task";
import type { Context } from "@omoios/kernel/context";
import { cutToBytes } from "@omoios/kernel/cut-text";
import type { EventDraft } from "../commit.ts";
import { attemptOf, errorOf } from "./attempt.ts";
import { taskDue } from "./due.ts";
import { ended, endFailed, missedBy, moved, unleased } from "./ended.ts";
import { afterFailure } from "./failure.ts";
import { shardOf } from "./lane.ts";
import { type AttemptRow, type DeadLetterRow, isLeased, type TaskRow } from "./model.ts";
import { virtualStart } from "./score.ts";

/** What a decision about a task answers: its next state with the events of that, and the rows that go with it. */
export interface Decided {
  next: TaskRow;
  events: EventDraft[];
  attempt?: AttemptRow;
  dead_letter?: DeadLetterRow;
}

/** What it takes to make a task ready: how many wait for it, and the shards of its lane. */
export interface Standing {
  dependents: number;
  shards: number;
}

/** Of a question its event carries so much; the whole of it stands with the attempt. */
const QUESTION_BYTES = 150;

/** Of a cancellation's cause its event carries so much; the whole of it stands with the task. */
const CAUSE_BYTES = 60;

/** Leaves the task where it is claimable: in one shard of its lane, at its virtual start. */
export function becomeReady(
  task: TaskRow,
  standing: Standing,
  ctx: Context,
  limits: Limits,
  events: EventDraft[] = [],
): Decided {
  const ready_at = ctx.now;
  const next = moved(task, {
    status: "ready",
    pending_reason: undefined,
    checking: undefined,
    ready_at,
    ready_lane: shardOf(task.lane, Math.floor(ctx.random() * standing.shards)),
    virtual_start: virtualStart({ ...task, ready_at, dependents: standing.dependents }, limits),
  });
  return { next: withDue(next, limits), events: [...events, { type: "task.ready" }] };
}

/** The holder reports that the work is done. */
export function complete(
  task: TaskRow,
  result: { result: unknown; handoff?: Handoff | undefined },
  ctx: Context,
  limits: Limits,
): Decided {
  const next = ended(task, { status: "completed", failed_alike: undefined, lost_leases: undefined }, ctx, limits);
  const events: EventDraft[] = [...missedBy(task, ctx), { type: "task.completed" }];
  return { next, events, attempt: attemptOf(task, "completed", ctx, limits, result) };
}

/** An attempt failed, by the agent's word or by its time: retried after a back-off, or the task fails and becomes a dead letter. */
export function fail(
  task: TaskRow,
  failure: {
    kind: ErrorKind;
    message: string;
    agent_kind?: string | undefined;
    handoff?: Handoff | undefined;
    result?: unknown;
  },
  ctx: Context,
  limits: Limits,
): Decided {
  const error = errorOf(task, failure, ctx);
  const timedOut = failure.kind === "timeout";
  const attempt = attemptOf(task, timedOut ? "timed_out" : "failed", ctx, limits, { ...failure, error });
  const first: EventDraft[] = timedOut ? [{ type: "task.timed_out" }] : [];
  const after = afterFailure(task, failure, ctx.now, ctx.random, limits);
  if (after.next === "failed")
    return endFailed(task, after.failure, error, attempt, first, ctx, limits, after.failed_alike);
  const next = moved(task, {
    ...unleased,
    status: "pending",
    pending_reason: "backoff",
    ready_at: after.ready_at,
    retry_count: task.retry_count + 1,
    failed_alike: after.failed_alike,
    lost_leases: undefined,
  });
  return {
    next: withDue(next, limits),
    events: [...first, { type: "task.retry_scheduled", data: { error_kind: failure.kind } }],
    attempt,
  };
}

/** The lease ended without a word: the task goes back to its lane, or fails after too many in a row. It costs an attempt, not a retry. */
export function loseLease(task: TaskRow, standing: Standing, why: string, ctx: Context, limits: Limits): Decided {
  const lost_leases = (task.lost_leases ?? 0) + 1;
  const error = errorOf(task, { kind: "lease_lost", message: why }, ctx);
  const attempt = attemptOf(task, "lease_lost", ctx, limits, { error });
  const expired: EventDraft = { type: "task.lease_expired" };
  if (lost_leases >= limits.lost_leases)
    return endFailed(task, "exhausted", error, attempt, [expired], ctx, limits, task.failed_alike);
  const decided = becomeReady({ ...task, ...unleased, lost_leases }, standing, ctx, limits, [expired]);
  return { ...decided, attempt };
}

/** The agent that the task was pushed to takes it: its attempt begins. */
export function accept(task: TaskRow, ctx: Context, limits: Limits): Decided {
  const next = moved(task, {
    status: "running",
    started_at: ctx.now,
    progressed_at: ctx.now,
    lease_expires_at: ctx.now + limits.lease_seconds * 1000,
  });
  return { next: withDue(next, limits), events: [{ type: "task.started" }] };
}

/** The task was pushed to an agent that did not accept it. Nobody has worked on it: it costs an attempt, and nothing else is counted. */
export function unaccepted(task: TaskRow, standing: Standing, why: string, ctx: Context, limits: Limits): Decided {
  const error = errorOf(task, { kind: "lease_lost", message: why }, ctx);
  const attempt = attemptOf(task, "lease_lost", ctx, limits, { error });
  const decided = becomeReady({ ...task, ...unleased }, standing, ctx, limits, [{ type: "task.lease_expired" }]);
  return { ...decided, attempt };
}

/** The holder hands the task back. No retry is counted, and the next claim goes on with this attempt's number. */
export function release(
  task: TaskRow,
  given: { reason: string; handoff?: Handoff | undefined },
  standing: Standing,
  ctx: Context,
  limits: Limits,
): Decided {
  const decided = becomeReady({ ...task, ...unleased, released: true, lost_leases: undefined }, standing, ctx, limits, [
    { type: "task.released", data: { reason: given.reason }, fits: "reason" },
  ]);
  return { ...decided, attempt: attemptOf(task, "released", ctx, limits, given) };
}

/** The holder waits for an answer or a time: no lease ticks and no slot is held. */
export function wait(
  task: TaskRow,
  until: number | undefined,
  ctx: Context,
  limits: Limits,
  question?: string,
): Decided {
  const next = moved(task, {
    ...unleased,
    status: "waiting",
    ready_at: until,
    released: true,
    lost_leases: undefined,
  });
  const attempt = attemptOf(task, "released", ctx, limits, question === undefined ? {} : { reason: question });
  const data = question === undefined ? {} : { data: { question: cutToBytes(question, QUESTION_BYTES) } };
  return { next: withDue(next, limits), events: [{ type: "task.waiting", ...data }], attempt };
}

/** A person ends the task. It is never retried by itself. */
export function cancel(task: TaskRow, cause: string, ctx: Context, limits: Limits): Decided {
  const next = ended(task, { status: "cancelled", pending_reason: undefined }, ctx, limits);
  const said = cutToBytes(cause, CAUSE_BYTES);
  const events: EventDraft[] = [...missedBy(task, ctx), { type: "task.cancelled", data: { cause: said } }];
  const decided: Decided = { next, events };
  return isLeased(task)
    ? { ...decided, attempt: attemptOf(task, "cancelled", ctx, limits, { reason: cause }) }
    : decided;
}

/** An explicit retry opens a failed or cancelled task again, with a fresh count of retries; `errors[]` stays. */
export function retry(task: TaskRow, standing: Standing, ctx: Context, limits: Limits, reason?: string): Decided {
  const fresh = { ...task, retry_count: 0, failed_alike: undefined, lost_leases: undefined };
  return reopen(fresh, standing, ctx, limits, reason);
}

/** A cancellation is taken back: the task is open again, with its retries as they were counted. */
export function uncancel(task: TaskRow, standing: Standing, ctx: Context, limits: Limits): Decided {
  return reopen(task, standing, ctx, limits);
}

function reopen(task: TaskRow, standing: Standing, ctx: Context, limits: Limits, reason?: string): Decided {
  const fresh: TaskRow = {
    ...task,
    ...unleased,
    failure: undefined,
    // A new attempt, even where it was handed back before it was cancelled.
    released: undefined,
    completed_at: undefined,
    settling: undefined,
  };
  const said = reason === undefined ? {} : { data: { explicit: true, reason }, fits: "reason" };
  const again: EventDraft = { type: "task.retry_scheduled", data: { explicit: true }, ...said };
  if (task.blockers_left === 0) return becomeReady(fresh, standing, ctx, limits, [again]);
  const next = moved(fresh, { status: "pending", pending_reason: "dependencies", checking: true });
  return { next: withDue(next, limits), events: [again] };
}

/** The row with its due moment made to fit its state. */
export function withDue(task: TaskRow, limits: Limits): TaskRow {
  return { ...task, due_at: taskDue(task, limits) };
}
