import * as z from "zod";
import { priority } from "../shapes/common.ts";

const column = z.object({ id: z.string(), name: z.string(), wip_limit: z.int().optional() });

const criterion = z.object({
  artifact: z.string(),
  metadata: z.string().optional(),
  measure: z.string().optional(),
  of: z.enum(["newest", "visit"]),
  at_least: z.number().optional(),
  at_most: z.number().optional(),
  is: z.union([z.boolean(), z.number(), z.string()]).optional(),
  contains_all: z.array(z.string()).optional(),
});

const taskTemplate = z.object({
  key: z.string(),
  title: z.string(),
  description: z.string().optional(),
  task_type: z.string(),
  priority: priority.optional(),
  required_capabilities: z.array(z.string()),
  depends_on: z.array(z.string()),
  /** When the task is made: `label`, `priority`, `has_external_ref`, `has_feedback`, joined by `all`, `any`, `not`. */
  when: z.unknown().optional(),
  for_each: z.union([z.string(), z.array(z.string())]).optional(),
  timeout_seconds: z.int().optional(),
  max_retries: z.int().optional(),
  handoff: z.boolean(),
});

const phase = z.object({
  id: z.string(),
  name: z.string(),
  order: z.int(),
  column: z.string(),
  execution_mode: z.string(),
  allowed_transitions: z.array(z.string()),
  task_templates: z.array(taskTemplate),
  done_definitions: z.array(z.string()),
  expected_outputs: z.array(
    z.object({
      type: z.string(),
      pattern: z.string().optional(),
      required: z.boolean(),
      validation_rule: z.string().optional(),
    }),
  ),
  phase_prompt: z.string().optional(),
  next_steps_guide: z.array(z.string()),
  gate: z.object({ artifacts: z.array(z.string()), criteria: z.array(criterion) }).optional(),
  skippable: z.boolean(),
  terminal: z.boolean(),
});

/** As its file says it, with its defaults. */
export const workflow = z.object({
  /** What tickets name it by. */
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  columns: z.array(column),
  phases: z.array(phase),
});

export const workflowSummary = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  /** Whether tickets that name none have this one. */
  is_default: z.boolean(),
  /** In their order. */
  phase_ids: z.array(z.string()),
});
