import { label, PRIORITIES, type Priority, priority } from "@omoios/contracts/shapes/common";
import * as z from "zod";
import type { Visit } from "./visit.ts";

/** When a template makes its task. Every member that is given must hold. */
export interface Condition {
  /** The ticket carries this label. */
  label?: string | undefined;
  /** The ticket's priority is one of these. */
  priority?: Priority[] | undefined;
  has_external_ref?: boolean | undefined;
  /** The ticket came back with feedback. */
  has_feedback?: boolean | undefined;
  all?: Condition[] | undefined;
  any?: Condition[] | undefined;
  not?: Condition | undefined;
}

const priorities = z.array(priority).min(1).max(PRIORITIES.length);

export const condition: z.ZodType<Condition> = z.lazy(() =>
  z
    .strictObject({
      label: label.optional(),
      priority: z
        .union([priority, priorities])
        .transform((given) => [given].flat())
        .optional(),
      has_external_ref: z.boolean().optional(),
      has_feedback: z.boolean().optional(),
      all: z.array(condition).min(1).max(20).optional(),
      any: z.array(condition).min(1).max(20).optional(),
      not: condition.optional(),
    })
    .refine((given) => Object.values(given).some((member) => member !== undefined), {
      message: "must name what shall hold, such as `label: docs`",
    }),
);

/** Whether the condition holds for this visit. */
export function holds(when: Condition, visit: Visit): boolean {
  const { ticket, feedback } = visit;
  if (when.label !== undefined && !ticket.labels.includes(when.label)) return false;
  if (when.priority !== undefined && !when.priority.includes(ticket.priority)) return false;
  if (when.has_external_ref !== undefined && when.has_external_ref !== (ticket.external_ref !== null)) return false;
  if (when.has_feedback !== undefined && when.has_feedback !== feedback.length > 0) return false;
  if (when.all !== undefined && !when.all.every((inner) => holds(inner, visit))) return false;
  if (when.any !== undefined && !when.any.some((inner) => holds(inner, visit))) return false;
  return when.not === undefined || !holds(when.not, visit);
}
