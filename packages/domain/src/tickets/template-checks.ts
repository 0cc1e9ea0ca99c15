import { duplicates, unknownName } from "../config/names.ts";
import type { ConfigIssue, ConfigPath } from "../config/positions.ts";
import { didYouMean } from "../config/suggest.ts";
import { entriesOf, type IsUnsure, type Parts, whole } from "../config/well-formed.ts";
import { inDependencyOrder } from "./order.ts";
import { VARIABLES, variablesIn } from "./variables.ts";
import type { Phase, TaskTemplate } from "./workflow.ts";

/** Tasks that one visit may make: what one transaction of a batch can hold. */
const MOST_TASKS = 500;
/** Labels that a ticket may carry. */
const MOST_LABELS = 20;

/** What the templates of a phase owe each other, and what its texts may name, of those parts whose form is right. */
export function checkTemplates(phase: Parts<Phase>, path: ConfigPath, isUnsure: IsUnsure): ConfigIssue[] {
  const templates = entriesOf(phase.task_templates);
  const keys = whole(phase.task_templates?.map((template) => template?.key));
  const at = (index: number, ...rest: PropertyKey[]) => [...path, "task_templates", index, ...rest];
  const texts = ["done_definitions", "next_steps_guide"] as const;
  return [
    ...duplicates(templates.map(({ entry: { key }, index }) => ({ name: key, path: at(index, "key") }))),
    ...templates.flatMap(({ entry: { depends_on }, index }) =>
      entriesOf(depends_on).flatMap(({ entry: key, index: place }) =>
        unknownName("template", key, keys, at(index, "depends_on", place)),
      ),
    ),
    ...checkCycle(templates, at),
    ...checkSize(templates, path),
    ...templates.flatMap(({ entry, index }) => {
      const fansOut = entry.for_each !== undefined || isUnsure(at(index, "for_each"));
      return [
        ...checkText(entry.title, at(index, "title"), fansOut),
        ...checkText(entry.description, at(index, "description"), fansOut),
      ];
    }),
    ...checkText(phase.phase_prompt, [...path, "phase_prompt"], false),
    ...texts.flatMap((name) =>
      entriesOf(phase[name]).flatMap(({ entry, index }) => checkText(entry, [...path, name, index], false)),
    ),
  ];
}

type TemplateParts = { entry: Parts<TaskTemplate>; index: number }[];

function checkCycle(templates: TemplateParts, at: (index: number, key: string) => ConfigPath): ConfigIssue[] {
  const waiting = templates.flatMap(({ entry: { key, depends_on }, index }) =>
    key === undefined ? [] : [{ key, index, depends_on: entriesOf(depends_on).map(({ entry }) => entry) }],
  );
  const { cycle } = inDependencyOrder(waiting);
  const first = waiting.find(({ key }) => key === cycle?.[0]);
  if (cycle === undefined || first === undefined) return [];
  return [{ path: at(first.index, "depends_on"), message: `templates wait for each other: ${cycle.join(" → ")}` }];
}

function checkSize(templates: TemplateParts, path: ConfigPath): ConfigIssue[] {
  const sizes = templates.map(({ entry: { for_each } }) => {
    if (for_each === undefined) return 1;
    return for_each === "ticket.labels" ? MOST_LABELS : for_each.length;
  });
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= MOST_TASKS) return [];
  const message = `a visit could make ${total} tasks, and at most ${MOST_TASKS} are possible: fan out less`;
  return [{ path: [...path, "task_templates"], at: "key", message }];
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
