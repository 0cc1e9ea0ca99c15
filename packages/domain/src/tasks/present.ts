import type { Envelope } from "@omoios/contracts/events";
import type { RouteReply } from "@omoios/contracts/routes";
import type { DeadLetter, Task, TaskStanding, TaskSummary } from "@omoios/contracts/views/task";
import { type Instant, timeOrNull, toRfc3339 } from "@omoios/kernel/clock";
import {
  type AttemptRow,
  type DeadLetterRow,
  isLeased,
  type StoredError,
  type TaskBodyRow,
  type TaskRow,
} from "./model.ts";
import { score } from "./score.ts";

/** Where a task stands. A task of a valid batch that is not opened yet shows as pending without a reason. */
export function taskStanding(task: TaskRow, now: Instant): TaskStanding {
  return {
    task_id: task.task_id,
    ticket_id: task.ticket_id,
    phase_id: task.phase_id,
    priority: task.priority,
    status: task.status === "staged" ? "pending" : task.status,
    pending_reason: task.pending_reason ?? null,
    failure: task.failure ?? null,
    attempt: task.attempt,
    retry_count: task.retry_count,
    max_retries: task.max_retries,
    timeout_seconds: task.timeout_seconds,
    deadline_at: timeOrNull(task.deadline_at),
    created_at: toRfc3339(task.created_at),
    ready_at: timeOrNull(task.ready_at),
    started_at: timeOrNull(task.started_at),
    completed_at: timeOrNull(task.completed_at),
    agent_id: task.agent_id ?? null,
    lease:
      isLeased(task) && task.lease_expires_at !== undefined
        ? { fence: task.fence, expires_at: toRfc3339(task.lease_expires_at) }
        : null,
    percent: task.percent ?? null,
    stuck: isLeased(task) && task.stuck === true,
    score: task.status === "ready" && task.virtual_start !== undefined ? score(task.virtual_start, now) : null,
    version: task.version,
  };
}

/** A task as a list shows it. */
export function taskSummary(task: TaskRow, body: TaskBodyRow, now: Instant): TaskSummary {
  return {
    ...taskStanding(task, now),
    task_type: body.task_type,
    title: body.title,
    parent_task_id: body.parent_task_id ?? null,
    cancel_reason: body.cancel_reason ?? null,
  };
}

/** A task with its words, its result and errors, and what it waits for. */
export function taskView(
  task: TaskRow,
  body: TaskBodyRow,
  around: {
    attempts: readonly AttemptRow[];
    blocked_by: TaskRow["task_id"][];
    blocks: TaskRow["task_id"][];
    /** The attempt that completed the task, or that waits. */
    own: AttemptRow | undefined;
    last_note: Task["last_note"];
  },
  now: Instant,
): Task {
  const { own } = around;
  return {
    ...taskSummary(task, body, now),
    description: body.description ?? null,
    question: task.status === "waiting" ? (own?.reason ?? null) : null,
    last_note: around.last_note,
    required_capabilities: body.required_capabilities,
    depends_on: body.depends_on,
    result: task.status === "completed" ? (own?.result ?? null) : null,
    errors: around.attempts.flatMap(({ error, outcome }) =>
      error === undefined || outcome === "orphan" ? [] : [errorView(error)],
    ),
    blocked_by: around.blocked_by,
    blocks: around.blocks,
  };
}

/** The newest note of the attempt under this fence, of events that come newest first. */
export function lastNoteIn(events: readonly Envelope[], fence: number): Task["last_note"] {
  for (const { type, time, data } of events) {
    if (type !== "task.progressed" || data.fence !== fence || typeof data.note !== "string") continue;
    return { note: data.note, percent: typeof data.percent === "number" ? data.percent : null, at: time };
  }
  return null;
}

function errorView(error: StoredError): Task["errors"][number] {
  return {
    attempt: error.attempt,
    kind: error.kind,
    agent_kind: error.agent_kind ?? null,
    message: error.message,
    at: toRfc3339(error.at),
    agent_id: error.agent_id ?? null,
  };
}

export function attemptView(attempt: AttemptRow): RouteReply<"listTaskAttempts">["items"][number] {
  return {
    attempt: attempt.attempt,
    fence: attempt.fence,
    agent_id: attempt.agent_id ?? null,
    started_at: timeOrNull(attempt.started_at),
    ended_at: toRfc3339(attempt.ended_at),
    outcome: attempt.outcome,
    reason: attempt.reason ?? null,
    error: attempt.error === undefined ? null : errorView(attempt.error),
    result: attempt.result ?? null,
  };
}

/** The attempt that runs now has no row of its own yet. */
export function runningAttempt(task: TaskRow): RouteReply<"listTaskAttempts">["items"][number] {
  return {
    attempt: task.attempt,
    fence: task.fence,
    agent_id: task.agent_id ?? null,
    started_at: timeOrNull(task.started_at),
    ended_at: null,
    outcome: "running",
    reason: null,
    error: null,
    result: null,
  };
}

export function deadLetterView(row: DeadLetterRow): DeadLetter {
  return {
    id: row.dead_letter_id,
    task_id: row.task_id,
    ticket_id: row.ticket_id,
    phase_id: row.phase_id,
    attempt: row.attempt,
    error: errorView(row.error),
    status: row.status,
    at: toRfc3339(row.at),
  };
}
