import type { Labels } from "@omoios/contracts/shapes/alert";
import { didYouMean } from "../../config/suggest.ts";

/** A mistake in a template and the offset at which it stands. */
export interface TemplateFault {
  at: number;
  message: string;
}

/** What a template may name. */
export interface TemplateNames {
  labels: readonly string[];
  /** A label must not hold the value: each reading would be another alert. */
  value: boolean;
}

const HOLE = /\{\{(.*?)\}\}/gs;

/** Every mistake in a template's holes: `{{value}}` and `{{labels.name}}`. */
export function templateFaults(text: string, names: TemplateNames): TemplateFault[] {
  const faults = [...text.matchAll(HOLE)].flatMap((hole) => {
    const message = holeFault((hole[1] ?? "").trim(), names);
    return message === undefined ? [] : [{ at: hole.index, message }];
  });
  const open = text.replaceAll(HOLE, (hole) => " ".repeat(hole.length)).indexOf("{{");
  return open < 0 ? faults : [...faults, { at: open, message: "`{{` is not closed by `}}`" }];
}

function holeFault(inner: string, { labels, value }: TemplateNames): string | undefined {
  if (inner === "value")
    return value
      ? undefined
      : "a label must not hold the value: each reading would be another alert. Use an annotation.";
  const name = /^labels\.(.*)$/s.exec(inner)?.[1];
  if (name !== undefined) return labels.includes(name) ? undefined : unknownLabel(name, labels);
  const known = [...(value ? ["value"] : []), ...labels.map((label) => `labels.${label}`)];
  return `\`{{${inner}}}\` means nothing.${didYouMean(inner, known) || didYouMean(`labels.${inner}`, known)}`;
}

/** The message for a label that the metric does not have. */
export function unknownLabel(name: string, labels: readonly string[]): string {
  const has = labels.length === 0 ? "the metric has none" : `the metric has ${labels.join(", ")}`;
  return `unknown label \`${name}\`: ${has}.${didYouMean(name, labels)}`;
}

/** The text of a template. A label that is missing is empty; `value` is undefined where the rule fires for want of data. */
function render(template: string, labels: Labels, value: number | undefined): string {
  return template.replaceAll(HOLE, (_hole, inner: string) => {
    const name = inner.trim();
    if (name === "value") return value === undefined ? "no data" : shown(value);
    return labels[name.slice("labels.".length)] ?? "";
  });
}

/** As people read it: without the tail that binary fractions leave. */
const shown = (value: number) => String(Number(value.toPrecision(12)));

/** Each template of a map, rendered. */
export function renderAll(templates: Labels, labels: Labels, value: number | undefined): Labels {
  return Object.fromEntries(Object.entries(templates).map(([name, text]) => [name, render(text, labels, value)]));
}
