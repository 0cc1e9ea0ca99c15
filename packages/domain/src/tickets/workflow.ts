import { artifactType } from "@omoios/contracts/shapes/artifact";
import { capability, label, phaseId, priority } from "@omoios/contracts/shapes/common";
import * as z from "zod";
import { condition } from "./condition.ts";
import { gate } from "./gate.ts";

const key = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, "must be snake_case, at most 60 characters");
const columnId = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "must be 1 to 40 of a-z 0-9 -");
const text = z.string().trim().min(1).max(10_000);
const line = z.string().trim().min(1).max(1_000);

const EXECUTION_MODES = ["exploration", "implementation", "validation"] as const;

/** A task that every visit of the phase makes, or several of them where it fans out. */
const taskTemplate = z.strictObject({
  key,
  title: z.string().trim().min(1).max(200),
  description: text.optional(),
  task_type: key,
  /** The ticket's own unless given. */
  priority: priority.optional(),
  required_capabilities: z
    .array(capability)
    .max(20)
    .default([])
    .transform((list) => [...new Set(list)].sort()),
  /** Keys of templates of the same phase. A template that fanned out is waited for in all of its tasks. */
  depends_on: z.array(key).max(100).default([]),
  /** The task is made only where this holds. */
  when: condition.optional(),
  /** One task for each of the ticket's labels, or for each entry of the list; texts name it `${item}`. */
  for_each: z.union([z.literal("ticket.labels"), z.array(label).min(1).max(100)]).optional(),
  timeout_seconds: z.int().min(1).max(604_800).optional(),
  max_retries: z.int().min(0).max(100).optional(),
  /** The task's result shall carry a handoff bundle. */
  handoff: z.boolean().default(false),
});
export type TaskTemplate = z.infer<typeof taskTemplate>;

/** What the phase is expected to leave behind, for agents to read. The gate alone decides. */
const expectedOutput = z.strictObject({
  type: artifactType,
  /** Where it usually lies. */
  pattern: line.optional(),
  required: z.boolean().default(true),
  validation_rule: line.optional(),
});

export const phase = z.strictObject({
  id: phaseId,
  name: z.string().trim().min(1).max(60),
  order: z.int().min(0),
  /** The board's column that shows the phase. */
  column: columnId,
  execution_mode: z.enum(EXECUTION_MODES),
  allowed_transitions: z.array(phaseId).default([]),
  task_templates: z.array(taskTemplate).max(100).default([]),
  done_definitions: z.array(line).max(50).default([]),
  expected_outputs: z.array(expectedOutput).max(50).default([]),
  phase_prompt: text.optional(),
  next_steps_guide: z.array(line).max(50).default([]),
  gate: gate.optional(),
  /** The phase may be passed over, and is where it makes no task for a ticket. */
  skippable: z.boolean().default(false),
  terminal: z.boolean().default(false),
});
export type Phase = z.infer<typeof phase>;

const column = z.strictObject({
  id: columnId,
  name: z.string().trim().min(1).max(60),
  /** Tickets that may stand in the column at a time; no limit unless given. */
  wip_limit: z.int().min(1).optional(),
});

/** `config/workflows/<id>.yaml`: the phases of a ticket, what each makes and demands, and the board's columns. */
export const workflow = z.strictObject({
  id: key,
  name: z.string().trim().min(1).max(100),
  description: line.optional(),
  columns: z.array(column).min(1).max(50),
  phases: z.array(phase).min(2).max(50),
});
export type Workflow = z.infer<typeof workflow>;
