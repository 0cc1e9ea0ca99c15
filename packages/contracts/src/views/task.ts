import * as z from "zod";
import { fence, idOf, priority, time } from "../shapes/common.ts";
import { ATTEMPT_OUTCOMES, ERROR_KINDS, FAILURES, handoff, PENDING_REASONS, TASK_STATUSES } from "../shapes/task.ts";

export const lease = z.object({ fence, expires_at: time });

const taskError = z.object({
  attempt: z.int(),
  kind: z.enum(ERROR_KINDS),
  agent_kind: z.string().nullable(),
  message: z.string(),
  at: time,
  agent_id: z.string().nullable(),
});

const standing = {
  task_id: idOf("task"),
  ticket_id: idOf("ticket"),
  phase_id: z.string(),
  priority,
  status: z.enum(TASK_STATUSES),
  pending_reason: z.enum(PENDING_REASONS).nullable(),
  failure: z.enum(FAILURES).nullable(),
  attempt: z.int(),
  retry_count: z.int(),
  max_retries: z.int(),
  timeout_seconds: z.int(),
  deadline_at: time.nullable(),
  created_at: time,
  ready_at: time.nullable(),
  started_at: time.nullable(),
  completed_at: time.nullable(),
  agent_id: z.string().nullable(),
  lease: lease.nullable(),
  percent: z.number().nullable(),
  stuck: z.boolean(),
  score: z.number().nullable(),
  version: z.int(),
};

/** Where a task stands, without its words. */
const taskStanding = z.object(standing);

/** Where a task stands after its holder's result, and the result as it is kept: artifacts are named, without their contents. */
export const handedIn = taskStanding.extend({ result: z.unknown().nullable() });

export type TaskStanding = z.infer<typeof taskStanding>;

const taskCore = {
  ...standing,
  task_type: z.string(),
  title: z.string(),
  parent_task_id: idOf("task").nullable(),
  cancel_reason: z.string().nullable(),
};

/** A task in a list. */
export const taskSummary = z.object(taskCore);

export type TaskSummary = z.infer<typeof taskSummary>;

export const task = z.object({
  ...taskCore,
  description: z.string().nullable(),
  /** What its agent asked, while the task waits for the answer. */
  question: z.string().nullable(),
  /** What its holder noted last, while the task runs, as the event log has it: sampled, and cut where it ends in `…`. */
  last_note: z.object({ note: z.string(), percent: z.number().nullable(), at: time }).nullable(),
  required_capabilities: z.array(z.string()),
  depends_on: z.array(idOf("task")),
  result: z.unknown().nullable(),
  errors: z.array(taskError),
  blocked_by: z.array(idOf("task")),
  blocks: z.array(idOf("task")),
});

export type Task = z.infer<typeof task>;

/** What earlier phases and attempts produced, cut to a budget of tokens. */
export const context = z.object({
  summaries: z.array(z.string()),
  decisions: z.array(z.string()),
  risks: z.array(z.string()),
  notes: z.array(z.string()),
  artifacts: z.array(z.object({ type: z.string(), path: z.string().nullable(), url: z.string().nullable() })),
  handoffs: z.array(
    z.object({ task_id: z.string(), from: z.enum(["dependency", "ticket", "attempt"]), handoff: handoff() }),
  ),
  feedback: z.array(z.string()),
  errors: z.array(z.string()),
  budget_tokens: z.int(),
  tokens: z.int(),
  cut: z.array(z.string()),
});

export type TaskContext = z.infer<typeof context>;

export const claimedTask = z.object({
  task_id: idOf("task"),
  fence,
  lease_expires_at: time,
  ticket_id: idOf("ticket"),
  phase_id: z.string(),
  task_type: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  required_capabilities: z.array(z.string()),
  priority,
  attempt: z.int(),
  timeout_seconds: z.int(),
  deadline_at: time.nullable(),
  /** The ticket's head, so that an agent knows what its task is for. */
  ticket: z.object({
    ticket_id: idOf("ticket"),
    title: z.string(),
    external_ref: z.string().nullable(),
    labels: z.array(z.string()),
  }),
  context,
});

export type ClaimedTask = z.infer<typeof claimedTask>;

export const channelMessage = z.object({ number: z.int(), channel: z.string(), body: z.unknown() });

export const attempt = z.object({
  attempt: z.int(),
  fence: z.int(),
  agent_id: z.string().nullable(),
  started_at: time.nullable(),
  ended_at: time.nullable(),
  outcome: z.enum(ATTEMPT_OUTCOMES),
  /** Why it was released or cancelled; of one that waits what it asked. */
  reason: z.string().nullable(),
  error: taskError.nullable(),
  result: z.unknown().nullable(),
});

export const match = z.object({
  lane: z.string(),
  /** Whether nothing is taken from the lane until the guardian resumes it, or an operator the stage. */
  paused: z.boolean(),
  classes: z.array(
    z.object({
      phase_ids: z.array(z.string()),
      capabilities: z.array(z.string()),
      /** Those that may take work, counted up to 100. */
      agents: z.int().max(100),
      matches: z.boolean(),
      missing: z.array(z.string()),
    }),
  ),
  alternatives: z.array(z.string()),
});

export const deadLetter = z.object({
  id: idOf("deadLetter"),
  task_id: idOf("task"),
  ticket_id: idOf("ticket"),
  phase_id: z.string(),
  attempt: z.int(),
  error: taskError,
  status: z.enum(["open", "redriven"]),
  at: time,
});

export type DeadLetter = z.infer<typeof deadLetter>;
