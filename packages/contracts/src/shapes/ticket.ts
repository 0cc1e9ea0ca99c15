import * as z from "zod";
import { artifactInputs } from "./artifact.ts";
import { fence, idOf, label, longText, phaseId, priority, reason, time, title } from "./common.ts";
import { newTask } from "./new-task.ts";

export const TICKET_STATUSES = ["pending_review", "open", "done", "cancelled", "rejected"] as const;
export type TicketStatus = (typeof TICKET_STATUSES)[number];
export const VERDICTS = ["waiting_tasks", "blocked", "failed", "passed"] as const;
export type Verdict = (typeof VERDICTS)[number];
export const BLOCK_CLASSES = ["dependency", "waiting_on_clarification", "failing_checks", "environment"] as const;
export type BlockClass = (typeof BLOCK_CLASSES)[number];

const labels = z
  .array(label)
  .max(20)
  .transform((list) => [...new Set(list)]);

export const createTicket = z.strictObject({
  title,
  description: longText.optional(),
  priority: priority.optional(),
  workflow: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,59}$/, "must be snake_case")
    .optional(),
  project: z.string().trim().min(1).max(100).optional(),
  labels: labels.optional(),
  external_ref: z.string().trim().min(1).max(200).optional(),
  tasks: z.array(newTask).min(1).max(500).optional(),
  start: z.boolean().optional(),
});

export const patchTicket = z.strictObject({
  title: title.optional(),
  description: longText.optional(),
  priority: priority.optional(),
  labels: labels.optional(),
  external_ref: z.string().trim().min(1).max(200).nullable().optional(),
});

export const ticket = z.object({
  ticket_id: idOf("ticket"),
  title: z.string(),
  description: z.string().nullable(),
  priority,
  workflow: z.string(),
  project: z.string().nullable(),
  labels: z.array(z.string()),
  external_ref: z.string().nullable(),
  phase_id: z.string(),
  visit: z.int(),
  /** As shown: `blocked` while the flag stands on an open ticket. */
  status: z.enum([...TICKET_STATUSES, "blocked"]),
  is_blocked: z.boolean(),
  blocked_reason: z.string().nullable(),
  blocked_class: z.enum(BLOCK_CLASSES).nullable(),
  blocked_at: time.nullable(),
  /** Tasks that others wait for and that ended without completing; at most ten are named. */
  blocked_by: z.array(idOf("task")),
  cancel_reason: z.string().nullable(),
  created_at: time,
  updated_at: time,
  phase_entered_at: time,
  completed_at: time.nullable(),
  version: z.int(),
});
export type Ticket = z.infer<typeof ticket>;

export const transition = z.strictObject({ to_phase: phaseId, reason, force: z.boolean().optional() });
export const ticketReason = z.strictObject({ reason });
export const generateTasks = z.strictObject({ phase_id: phaseId.optional() });

export const handInTicketArtifacts = z.strictObject({
  artifacts: artifactInputs.min(1),
  /** An agent names a task of this ticket that it holds, and its fence. */
  task_id: idOf("task").optional(),
  fence: fence.optional(),
});
/** Compiles the context of earlier phases again and adds notes of people to it. */
export const updateContext = z.strictObject({
  notes: z.array(z.string().trim().min(1).max(4_000)).max(20).optional(),
  decisions: z.array(z.string().trim().min(1).max(4_000)).max(20).optional(),
  risks: z.array(z.string().trim().min(1).max(4_000)).max(20).optional(),
  task_id: idOf("task").optional(),
  fence: fence.optional(),
});

export const blockingReason = z.object({
  artifact: z.string().optional(),
  criterion: z.string().optional(),
  expected: z.unknown(),
  actual: z.unknown(),
  message: z.string(),
});
export type BlockingReason = z.infer<typeof blockingReason>;

export const gate = z.object({
  ticket_id: idOf("ticket"),
  phase_id: z.string(),
  visit: z.int(),
  verdict: z.enum(VERDICTS),
  blocking_reasons: z.array(blockingReason),
  evidence_version: z.int(),
  evaluated_at: time,
});
export type Gate = z.infer<typeof gate>;

export const phaseHistory = z.object({
  from: z.string().nullable(),
  to: z.string(),
  why: z.string(),
  who: z.string(),
  forced: z.boolean(),
  evidence: z.array(z.string()),
  at: time,
  time_spent_seconds: z.number(),
  visit: z.int(),
});

export const graph = z.object({
  nodes: z.array(
    z.object({
      task_id: idOf("task"),
      title: z.string(),
      phase_id: z.string(),
      status: z.string(),
      priority,
      blocked_by: z.array(idOf("task")),
    }),
  ),
  edges: z.array(z.object({ from: idOf("task"), to: idOf("task") })),
  critical_path: z.array(idOf("task")),
  ready: z.array(idOf("task")),
});
