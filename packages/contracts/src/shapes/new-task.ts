import { once } from "@omoios/kernel/once";
import * as z from "zod";
import { capability, fence, idOf, longText, phaseId, priority, time, title } from "./common.ts";

const capabilities = once(() =>
  z
    .array(capability)
    .max(20)
    .overwrite((list) => [...new Set(list)].sort()),
);
const ref = z.string().regex(/^[A-Za-z0-9_.:-]{1,60}$/, "must be 1 to 60 letters, digits and _ . : -");

const taskFields = once(() => ({
  title,
  description: longText.optional(),
  phase_id: phaseId.optional(),
  task_type: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,59}$/, "must be snake_case, at most 60 characters")
    .optional(),
  priority: priority.optional(),
  required_capabilities: capabilities().optional(),
  max_retries: z.int().min(0).max(100).optional(),
  timeout_seconds: z.int().min(1).max(604_800).optional(),
  deadline_at: time.optional(),
  parent_task_id: idOf("task").optional(),
}));

/** A task to be made alone, by an operator. */
export const createTask = once(() =>
  z.strictObject({
    ticket_id: idOf("ticket"),
    ...taskFields(),
    depends_on: z.array(idOf("task")).max(1_000).optional(),
  }),
);

/** A task of a call that makes several: `depends_on` names ids, or the `ref` of a task of the same call. */
export const newTask = once(() =>
  z.strictObject({
    ref: ref.optional(),
    ...taskFields(),
    depends_on: z
      .array(z.union([idOf("task"), ref]))
      .max(1_000)
      .optional(),
  }),
);
export type NewTask = z.infer<ReturnType<typeof newTask>>;

export const createTasks = once(() =>
  z.strictObject({
    tasks: z.array(newTask()).min(1).max(500),
    /** An agent names a task of this ticket that it holds, and its fence. */
    task_id: idOf("task").optional(),
    fence: fence.optional(),
  }),
);
