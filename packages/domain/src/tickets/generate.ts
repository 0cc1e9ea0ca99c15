import type { Priority } from "@omoios/contracts/shapes/common";
import { shortened } from "@omoios/kernel/cut-text";
import { invariant } from "@omoios/kernel/problem";
import { briefing } from "./briefing.ts";
import { holds } from "./condition.ts";
import { inDependencyOrder } from "./order.ts";
import { fill, type Values } from "./variables.ts";
import type { Visit } from "./visit.ts";
import type { Phase, TaskTemplate } from "./workflow.ts";

/** The bounds of a task's own fields. */
const TITLE_LENGTH = 200;
const DESCRIPTION_LENGTH = 50_000;

/** A task that a visit makes. */
export interface TaskDraft {
  /** `ticket|visit|template|item`: the same task made twice has the same identity, from which its id follows. */
  identity: string;
  template: string;
  /** What the task of a fan-out is for; null where the template makes one task. */
  item: string | null;
  title: string;
  description: string;
  task_type: string;
  phase_id: string;
  priority: Priority;
  required_capabilities: string[];
  /** Identities of drafts that stand before this one in the list. */
  depends_on: string[];
  timeout_seconds?: number;
  max_retries?: number;
  /** The result shall carry a handoff bundle. */
  handoff: boolean;
  /** Why the ticket came back, for the task's context. */
  feedback: string[];
}

/**
 * The tasks that a visit of the phase makes, each behind what it depends on. A template whose condition does not hold, or whose
 * fan-out is empty, makes none; what would have waited for it waits for what it would have waited for.
 */
export function generateTasks(phase: Phase, visit: Visit): TaskDraft[] {
  const { ordered, cycle } = inDependencyOrder(phase.task_templates);
  invariant(cycle === undefined, `a checked workflow has no cycle: ${cycle}`);
  // For each template the identities that a dependent has to wait for.
  const awaited = new Map<string, string[]>();
  return ordered.flatMap((template) => {
    const depends_on = [...new Set(template.depends_on.flatMap((key) => awaited.get(key) ?? []))];
    const drafts = itemsOf(template, visit).map((item) => draftOf(phase, template, visit, item, depends_on));
    awaited.set(template.key, drafts.length > 0 ? drafts.map(({ identity }) => identity) : depends_on);
    return drafts;
  });
}

function itemsOf({ when, for_each }: TaskTemplate, visit: Visit): (string | null)[] {
  if (when !== undefined && !holds(when, visit)) return [];
  if (for_each === undefined) return [null];
  return [...new Set(for_each === "ticket.labels" ? visit.ticket.labels : for_each)];
}

function draftOf(
  phase: Phase,
  template: TaskTemplate,
  visit: Visit,
  item: string | null,
  depends_on: readonly string[],
): TaskDraft {
  const values = valuesOf(phase, visit, item);
  return {
    identity: [visit.ticket.ticket_id, visit.number, template.key, item ?? ""].join("|"),
    template: template.key,
    item,
    title: shortened(oneLine(fill(template.title, values)) || template.key, TITLE_LENGTH),
    description: shortened(briefing(phase, template, values), DESCRIPTION_LENGTH),
    task_type: template.task_type,
    phase_id: phase.id,
    priority: template.priority ?? visit.ticket.priority,
    required_capabilities: [...template.required_capabilities],
    depends_on: [...depends_on],
    ...(template.timeout_seconds === undefined ? {} : { timeout_seconds: template.timeout_seconds }),
    ...(template.max_retries === undefined ? {} : { max_retries: template.max_retries }),
    handoff: template.handoff,
    feedback: [...visit.feedback],
  };
}

function valuesOf(phase: Phase, { ticket, number }: Visit, item: string | null): Values {
  return {
    "ticket.title": ticket.title,
    "ticket.description": ticket.description ?? "",
    "ticket.priority": ticket.priority,
    "ticket.external_ref": ticket.external_ref ?? "",
    "ticket.labels": ticket.labels.join(", "),
    "phase.id": phase.id,
    "phase.name": phase.name,
    visit: String(number),
    ...(item === null ? {} : { item }),
  };
}

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();
