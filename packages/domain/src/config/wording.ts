import type * as z from "zod";
import { didYouMean } from "./suggest.ts";

const KINDS: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
  null: "empty",
};

/** Words a schema's issue for somebody who edits YAML. A message that the schema itself gives goes before. */
export const wording: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === "invalid_type") {
    if (issue.input === undefined) return `is missing: must be ${kindName(issue.expected)}`;
    return `must be ${kindName(issue.expected)}, is ${shown(issue.input)}`;
  }
  if (issue.code === "invalid_value") {
    const values = issue.values.map(String);
    const hint = typeof issue.input === "string" ? didYouMean(issue.input, values) : "";
    if (issue.input === undefined) return `is missing: must be ${oneOf(values)}`;
    return `must be ${oneOf(values)}, is ${shown(issue.input)}.${hint}`;
  }
  return boundText(issue);
};

/** Words a length or number that is out of its bounds; `undefined` for any other issue. */
export function boundText(issue: z.core.$ZodRawIssue | z.core.$ZodIssue): string | undefined {
  if (issue.code === "too_small") return `must ${bound(issue.origin, issue.inclusive, "least", Number(issue.minimum))}`;
  if (issue.code === "too_big") return `must ${bound(issue.origin, issue.inclusive, "most", Number(issue.maximum))}`;
  return undefined;
}

const kindName = (expected: string) => KINDS[expected] ?? expected;
const oneOf = (values: readonly string[]) => (values.length === 1 ? `${values[0]}` : `one of ${values.join(", ")}`);

function bound(origin: string, inclusive: boolean | undefined, side: "least" | "most", limit: number): string {
  if (origin === "string") return `have at ${side} ${limit} ${limit === 1 ? "character" : "characters"}`;
  if (origin === "array") return `have at ${side} ${limit} ${limit === 1 ? "entry" : "entries"}`;
  if (inclusive === false) return `be ${side === "least" ? "more" : "less"} than ${limit}`;
  return `be at ${side} ${limit}`;
}

function shown(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  const text = JSON.stringify(value) ?? String(value);
  // By characters, and by hand: the stacks read their settings with this file, and sst loads no package of ours from source.
  const characters = [...text];
  return characters.length > 60 ? `${characters.slice(0, 57).join("")}…` : text;
}
