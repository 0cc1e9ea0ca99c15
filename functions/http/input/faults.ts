import { didYouMean } from "@omoios/domain/config/suggest";
import { boundText } from "@omoios/domain/config/wording";
import { pointerTo } from "@omoios/kernel/json-pointer";
import type { Fault } from "@omoios/kernel/problem";
import type * as z from "zod";

type Path = readonly PropertyKey[];
/** How a fault's place is written: a JSON Pointer into a body, the name of a query's parameter. */
export type Naming = (path: Path) => string;

/** Faults told at once; who sends five hundred faulty tasks learns enough from the first hundred. */
export const MAX_FAULTS = 100;
const MAX_NAME_LENGTH = 200;

export const jsonPointer: Naming = (path) => pointerTo(path.map((step) => clip(String(step))));

export const parameterName: Naming = (path) => clip(String(path[0] ?? ""));

/** What a schema found wrong with an input, in the words and places of the caller. */
export function schemaFaults(error: z.ZodError, input: unknown, naming: Naming): Fault[] {
  return error.issues.flatMap((issue) => faultsOf(issue, input, naming)).slice(0, MAX_FAULTS);
}

function faultsOf(issue: z.core.$ZodIssue, input: unknown, naming: Naming): Fault[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: naming([...issue.path, key]),
      message: "is not known here: leave it out",
    }));
  }
  const given = valueAt(input, issue.path);
  const message = messageOf(issue, given);
  return [{ path: naming(issue.path), message: given === undefined ? requiredOf(message) : message }];
}

/** What is said of a member that was left out: that it is needed, once. */
function requiredOf(message: string): string {
  const wanted = message.replaceAll(", received undefined", "");
  return /^is (needed|required)/.test(wanted) ? wanted : `is required: ${wanted}`;
}

function messageOf(issue: z.core.$ZodIssue, given: unknown): string {
  if (issue.code === "invalid_union" && issue.errors.length > 0)
    return [...new Set(issue.errors.flat().map((inner) => messageOf(inner, given)))].join(", or ");
  if (issue.code === "invalid_value" && /^Invalid (option|input)/.test(issue.message)) {
    const values = issue.values.map(String);
    const hint = typeof given === "string" ? didYouMean(given, values) : "";
    return `must be ${values.length === 1 ? "" : "one of "}${values.join(", ")}${hint === "" ? "" : `.${hint}`}`;
  }
  // What comes in a query is a text: that it was turned into no number is not its writer's business.
  if (issue.code === "invalid_type" && typeof given === "string" && issue.message.endsWith("received NaN"))
    return "must be a number";
  // A message that the schema itself gives goes before ours.
  if (/^Too (small|big): /.test(issue.message)) return boundText(issue) ?? issue.message;
  return issue.message.replace(/^Invalid (input|string): /, "");
}

/** A list in a query is a text with commas between its members. */
function valueAt(input: unknown, path: Path): unknown {
  let at = input;
  for (const step of path) {
    if (typeof at === "string" && typeof step === "number") at = { ...at.split(",") };
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[step];
  }
  return at;
}

const clip = (name: string): string => (name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name);
