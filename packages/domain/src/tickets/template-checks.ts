import { duplicates, unknownName } from "../config/names.ts";
import type { ConfigIssue, ConfigPath } from "../config/positions.ts";
import { didYouMean } from "../config/suggest.ts";
import { inDependencyOrder } from "./order.ts";
import { VARIABLES, variablesIn } from "./variables.ts";
import type { Phase, TaskTemplate } from "./workflow.ts";

/** Tasks that one visit may make: what one transaction of a batch can hold. */
const MOST_TASKS = 500;
/** Labels that a ticket may carry. */
const MOST_LABELS = 20;

/** What the templates of a phase owe each other, and what its texts may name. */
export function checkTemplates(phase: Phase, path: ConfigPath): ConfigIssue[] {
  const templates = phase.task_templates;
  const keys = templates.map(({ key }) => key);
  const at = (index: number, ...rest: PropertyKey[]) => [...path, "task_templates", index, ...rest];
  return [
    ...duplicates(templates.map(({ key }, index) => ({ name: key, path: at(index, "key") }))),
    ...templates.flatMap(({ depends_on }, index) =>
      depends_on.flatMap((key, place) => unknownName("template", key, keys, at(index, "depends_on", place))),
    ),
    ...checkCycle(templates, at),
    ...checkSize(templates, path),
    ...templates.flatMap((template, index) => checkTemplateTexts(template, at(index))),
    ...checkText(phase.phase_prompt, [...path, "phase_prompt"], false),
    ...phase.done_definitions.flatMap((text, place) => checkText(text, [...path, "done_definitions", place], false)),
    ...phase.next_steps_guide.flatMap((text, place) => checkText(text, [...path, "next_steps_guide", place], false)),
  ];
}

function checkCycle(templates: readonly TaskTemplate[], at: (index: number, key: string) => ConfigPath): ConfigIssue[] {
  const { cycle } = inDependencyOrder(templates);
  if (cycle === undefined) return [];
  const index = templates.findIndex(({ key }) => key === cycle[0]);
  return [{ path: at(index, "depends_on"), message: `templates wait for each other: ${cycle.join(" → ")}` }];
}

function checkSize(templates: readonly TaskTemplate[], path: ConfigPath): ConfigIssue[] {
  const sizes = templates.map(({ for_each }) => {
    if (for_each === undefined) return 1;
    return for_each === "ticket.labels" ? MOST_LABELS : for_each.length;
  });
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= MOST_TASKS) return [];
  const message = `a visit could make ${total} tasks, and at most ${MOST_TASKS} are possible: fan out less`;
  return [{ path: [...path, "task_templates"], at: "key", message }];
}

function checkTemplateTexts({ title, description, for_each }: TaskTemplate, path: ConfigPath): ConfigIssue[] {
  const fansOut = for_each !== undefined;
  return [
    ...checkText(title, [...path, "title"], fansOut),
    ...checkText(description, [...path, "description"], fansOut),
  ];
}

function checkText(text: string | undefined, path: ConfigPath, fansOut: boolean): ConfigIssue[] {
  const known = VARIABLES.filter((name) => fansOut || name !== "item");
  return variablesIn(text ?? "").flatMap(({ name, closed }) => {
    if (!closed)
      return [{ path, message: "a variable is not closed: write ${name}, or $${ for the characters themselves" }];
    if (name === "item" && !fansOut) return [{ path, message: "${item} exists only in a template with for_each" }];
    if (known.some((variable) => variable === name)) return [];
    return [{ path, message: `there is no variable \${${name}}.${didYouMean(name, known)}` }];
  });
}
