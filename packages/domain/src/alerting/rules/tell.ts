import type { Labels } from "@omoios/contracts/shapes/alert";
import type { RulePhase } from "@omoios/contracts/shapes/alert-rule";
import type { Instant } from "@omoios/kernel/clock";
import { shortened } from "@omoios/kernel/cut-text";
import { same } from "../../config/same.ts";
import { authorityBehind } from "../bringer.ts";
import type { AlertSignal } from "../signal.ts";
import { thresholdOf } from "./condition.ts";
import type { Rule } from "./rule.ts";
import type { RuleState, ToldAs } from "./rule-state.ts";
import { renderAll } from "./template.ts";

/** What the signals of an evaluation have in common. */
export interface Told {
  rule: Rule;
  /** The sample's. */
  labels: Labels;
  value: number | undefined;
  at: Instant;
}

/** Units of UTF-16 of a label: what its template names may be long, and labels stand in all that tells of an alert. */
const MOST_UNITS = 300;

/** The labels of a rule's alert but for `alertname`: the sample's and the rule's. An empty one is none. */
export function alertLabels(rule: Rule, labels: Labels): Labels {
  const all = Object.entries({ ...labels, ...renderAll(rule.labels, labels, undefined) });
  return Object.fromEntries(
    all.filter(([, text]) => text !== "").map(([name, text]) => [name, shortened(text, MOST_UNITS)]),
  );
}

/**
 * The signals of an evaluation, and what alerting knows by them. Where the rule gives its alert other labels than it was told with, that
 * one ends; a change of severity is told too.
 */
export function tell(
  told: Told,
  before: RuleState,
  phase: RulePhase,
): { signals: AlertSignal[]; told: RuleState["told"] } {
  const known = before.told;
  if (phase === "inactive")
    return { signals: known === undefined ? [] : [signal(told, "resolved", known)], told: undefined };
  const { severity, brought_by } = told.rule;
  const now = { labels: alertLabels(told.rule, told.labels), severity, ...(brought_by && { brought_by }) };
  if (phase === before.phase && same(known, now)) return { signals: [], told: known };
  const said = signal(told, phase, now);
  if (known === undefined || isOne(known, now)) return { signals: [said], told: now };
  return { signals: [tellEnd(told, known, "the rule gives its alert other labels now"), said], told: now };
}

const isOne = (known: ToldAs, now: ToldAs): boolean =>
  same(known.labels, now.labels) && authorityBehind(known.brought_by) === authorityBehind(now.brought_by);

/** The alert ends for another reason than its condition. */
export const tellEnd = (told: Told, known: ToldAs, reason: string): AlertSignal => ({
  ...signal(told, "resolved", known),
  reason,
});

function signal({ rule, labels, value, at }: Told, status: AlertSignal["status"], known: ToldAs): AlertSignal {
  return {
    alertname: rule.name,
    labels: known.labels,
    status,
    severity: rule.severity,
    annotations: renderAll(rule.annotations, labels, value),
    at,
    routing: rule.routing,
    deduplication_window_ms: rule.deduplication_window_ms,
    value,
    metric_name: rule.metric,
    threshold: thresholdOf(rule.condition),
    runbook_url: rule.runbook_url,
    ...(known.brought_by && { brought_by: known.brought_by }),
  };
}
