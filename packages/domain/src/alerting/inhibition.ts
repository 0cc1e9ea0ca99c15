import type { Labels } from "@omoios/contracts/shapes/alert";
import { allMatch, labelOf } from "./matcher.ts";
import type { Inhibition } from "./routing.ts";

/** An alert that fires, with its severity among the labels. */
export interface Source {
  fingerprint: string;
  labels: Labels;
}

/** Whether an alert can keep another one quiet: only such ones have to be known when others are told. */
export const canInhibit = (rules: readonly Inhibition[], labels: Labels): boolean =>
  rules.some(({ source }) => allMatch(source, labels));

/**
 * The alert for whose sake this one is not told. Where it could be the source of a rule as well as its target, none like it inhibits it: an
 * alert would keep itself quiet, and two of a kind each other.
 */
export function inhibitedBy(
  rules: readonly Inhibition[],
  target: Labels,
  sources: readonly Source[],
): Source | undefined {
  for (const rule of rules) {
    if (!allMatch(rule.target, target)) continue;
    const two_sided = allMatch(rule.source, target);
    const found = sources.find(
      ({ labels }) =>
        allMatch(rule.source, labels) &&
        !(two_sided && allMatch(rule.target, labels)) &&
        rule.equal.every((label) => labelOf(labels, label) === labelOf(target, label)),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}
