import { artifactType } from "@omoios/contracts/shapes/artifact";
import type { BlockingReason } from "@omoios/contracts/views/ticket";
import { shortened } from "@omoios/kernel/cut-text";
import * as z from "zod";
import type { Parts } from "../config/well-formed.ts";
import { MEASURES, measure } from "./measure.ts";

/** An artifact as a gate reads it. */
export interface Evidence {
  type: string;
  content: string | null;
  metadata: Readonly<Record<string, unknown>>;
}

/**
 * One thing that a gate demands of an artifact, as data: a member of its `metadata`, or something measured from its `content`,
 * with a bound (`at_least`, `at_most`), a value (`is`) or a list of words (`contains_all`).
 */
export const criterion = z.strictObject({
  artifact: artifactType,
  metadata: z.string().min(1).max(100).optional(),
  measure: z.enum(MEASURES).optional(),
  /** The newest artifact of the type is judged, or all that were handed in during the visit, together. */
  of: z.enum(["newest", "visit"]).default("newest"),
  at_least: z.number().optional(),
  at_most: z.number().optional(),
  is: z.union([z.boolean(), z.number(), z.string()]).optional(),
  contains_all: z.array(z.string().min(1)).min(1).optional(),
});
type Criterion = z.infer<typeof criterion>;

/**
 * What the members of a criterion owe each other, in words.
 * @param says whether a member is given, rightly or not
 */
export function criterionFaults(
  given: Pick<Parts<Criterion>, "measure" | "of">,
  says: (member: keyof Criterion) => boolean,
): string[] {
  const bounded = says("at_least") || says("at_most");
  const demands = [bounded, says("is"), says("contains_all")].filter(Boolean).length;
  const faults: [boolean, string][] = [
    [says("metadata") === says("measure"), "needs either metadata or measure"],
    [demands !== 1, "needs one demand: at_least and at_most, is, or contains_all"],
    [given.measure === "characters" && !bounded, "characters are a number: demand at_least or at_most"],
    [given.measure === "sections" && !says("contains_all"), "sections are a list: demand contains_all"],
    [given.of === "visit" && !says("contains_all"), "`of: visit` joins lists: demand contains_all"],
  ];
  return faults.flatMap(([holds, text]) => (holds ? [text] : []));
}

/** How a criterion is named in reasons: `test_coverage.coverage_percent`. */
export function criterionName({ artifact, metadata, measure: measured }: Criterion): string {
  return `${artifact}.${metadata ?? measured}`;
}

/** What the criterion demands, in words: "at least 80 and at most 100". */
export function demandText({ at_least, at_most, is, contains_all }: Criterion): string {
  if (is !== undefined) return JSON.stringify(is);
  if (contains_all !== undefined) return contains_all.join(", ");
  const bounds = [
    at_least === undefined ? [] : `at least ${at_least}`,
    at_most === undefined ? [] : `at most ${at_most}`,
  ];
  return bounds.flat().join(" and ");
}

/**
 * Judges one criterion on the artifacts of its type, oldest first; at least one is there.
 * Returns the reason that holds the gate, or `undefined` where the criterion is met.
 */
export function judgeCriterion(asked: Criterion, artifacts: readonly Evidence[]): BlockingReason | undefined {
  const judged = asked.of === "visit" ? artifacts : artifacts.slice(-1);
  const values = judged.map((artifact) => subject(asked, artifact));
  const value = asked.of === "visit" ? joined(values) : values[0];
  const lacks = asked.contains_all?.filter((word) => !(Array.isArray(value) && value.includes(word)));
  if (lacks === undefined ? meets(asked, value) : lacks.length === 0) return undefined;
  const name = criterionName(asked);
  const missing =
    lacks === undefined || lacks.length === asked.contains_all?.length ? "" : `, lacks ${lacks.join(", ")}`;
  return {
    artifact: asked.artifact,
    criterion: name,
    expected: asked.contains_all ?? asked.is ?? demandText(asked),
    actual: shown(value),
    message: `${name} must ${asked.contains_all ? "contain" : "be"} ${demandText(asked)}: ${actualText(asked, value)}${missing}`,
  };
}

function subject(asked: Criterion, { content, metadata }: Evidence): unknown {
  if (asked.measure !== undefined) return content === null ? undefined : measure(asked.measure, content);
  const key = asked.metadata ?? "";
  return Object.hasOwn(metadata, key) ? metadata[key] : undefined;
}

const joined = (values: readonly unknown[]) => [
  ...new Set(values.flatMap((value) => (Array.isArray(value) ? value : []))),
];

/** Strict in type: the word "true" is not true, the text "80" is no number, and NaN is nothing. */
function meets({ at_least, at_most, is }: Criterion, value: unknown): boolean {
  if (is !== undefined) return value === is;
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  return value >= (at_least ?? Number.NEGATIVE_INFINITY) && value <= (at_most ?? Number.POSITIVE_INFINITY);
}

function actualText(asked: Criterion, value: unknown): string {
  if (value !== undefined) return `is ${JSON.stringify(shown(value))}`;
  return asked.measure === undefined
    ? "its metadata does not say"
    : "its content was not handed in, so that it cannot be measured";
}

/** A value as a reason keeps it: short, whatever was handed in. */
function shown(value: unknown): unknown {
  if (value === undefined || value === null || typeof value === "boolean") return value ?? null;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "string") return shortened(value, 101);
  return Array.isArray(value)
    ? value.slice(0, 20).map((entry) => (Array.isArray(entry) ? "a list" : shown(entry)))
    : "a map";
}
