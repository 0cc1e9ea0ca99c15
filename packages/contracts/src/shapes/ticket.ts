import { once } from "@omoios/kernel/once";
import * as z from "zod";
import { artifactInputs } from "./artifact.ts";
import { fence, idOf, label, longText, phaseId, priority, reason, title } from "./common.ts";
import { newTask } from "./new-task.ts";

export const TICKET_STATUSES = ["pending_review", "open", "done", "cancelled", "rejected"] as const;
export type TicketStatus = (typeof TICKET_STATUSES)[number];
export const VERDICTS = ["waiting_tasks", "blocked", "failed", "passed"] as const;
export type Verdict = (typeof VERDICTS)[number];
export const BLOCK_CLASSES = ["dependency", "waiting_on_clarification", "failing_checks", "environment"] as const;
export type BlockClass = (typeof BLOCK_CLASSES)[number];

export const project = z.string().trim().min(1).max(100);
/** What the ticket is called elsewhere. */
export const externalRef = z.string().trim().min(1).max(200);

const labels = once(() =>
  z
    .array(label)
    .max(20)
    .overwrite((list) => [...new Set(list)]),
);

export const createTicket = once(() =>
  z.strictObject({
    title,
    description: longText.optional(),
    priority: priority.optional(),
    workflow: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,59}$/, "must be snake_case, at most 60 characters")
      .optional(),
    project: project.optional(),
    labels: labels().optional(),
    external_ref: externalRef.optional(),
    tasks: z.array(newTask()).min(1).max(500).optional(),
    start: z.boolean().optional(),
  }),
);

/** What is null is removed. */
export const patchTicket = once(() =>
  z.strictObject({
    title: title.optional(),
    description: longText.nullable().optional(),
    priority: priority.optional(),
    project: project.nullable().optional(),
    labels: labels().optional(),
    external_ref: externalRef.nullable().optional(),
  }),
);

export const transition = once(() => z.strictObject({ to_phase: phaseId, reason, force: z.boolean().optional() }));
export const ticketReason = once(() => z.strictObject({ reason }));
export const generateTasks = once(() => z.strictObject({ phase_id: phaseId.optional() }));

export const handInTicketArtifacts = once(() =>
  z.strictObject({
    artifacts: artifactInputs().min(1),
    /** An agent names a task of this ticket that it holds, and its fence. */
    task_id: idOf("task").optional(),
    fence: fence.optional(),
  }),
);
/** Compiles the context of earlier phases again and adds notes of people to it. */
export const updateContext = once(() =>
  z.strictObject({
    notes: z.array(z.string().trim().min(1).max(4_000)).max(20).optional(),
    decisions: z.array(z.string().trim().min(1).max(4_000)).max(20).optional(),
    risks: z.array(z.string().trim().min(1).max(4_000)).max(20).optional(),
    task_id: idOf("task").optional(),
    fence: fence.optional(),
  }),
);
