import * as z from "zod";
import { idOf, priority, time } from "../shapes/common.ts";
import { BLOCK_CLASSES, TICKET_STATUSES, VERDICTS } from "../shapes/ticket.ts";

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

const blockingReason = z.object({
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
