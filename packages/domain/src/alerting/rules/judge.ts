import type { Labels } from "@omoios/contracts/shapes/alert";
import type { Instant } from "@omoios/kernel/clock";
import { holds, mayHold } from "./condition.ts";
import { judgePoints, withPoint } from "./datapoints.ts";
import { increase, withTotal } from "./increase.ts";
import type { Rule } from "./rule.ts";
import type { Pace, Reading, RuleState } from "./rule-state.ts";

/**
 * What a reading says: the condition holds; it does not, and the alert may end; it does not, but the alert may not end yet either;
 * nothing.
 */
export type Verdict = "breach" | "good" | "between" | "unknown";

interface Judged {
  verdict: Verdict;
  /** What was judged; undefined where there was no sample. */
  value: number | undefined;
  /** The state with what the reading leaves to remember. */
  state: RuleState;
}

/** Judges a reading by itself. `undefined` where it is only noted: M of N counts minutes, so that a sample waits for its minute. */
export function judge(
  rule: Rule,
  labels: Labels,
  before: RuleState,
  reading: Reading,
  now: Instant,
  pace: Pace,
): Judged | { verdict: undefined; state: RuleState } {
  const state = noted(rule, before, reading, now);
  const value = state.fresh;
  if (reading.kind === "sample") {
    if (rule.datapoints !== undefined) return { verdict: undefined, state };
    return { verdict: verdictOf(rule, labels, value), value, state };
  }
  const missing = value === undefined ? before.missing + 1 : 0;
  const next: RuleState = { ...state, minute_at: now, fresh: undefined, missing };
  const known = value ?? passed(rule, labels, next, now);
  if (rule.datapoints !== undefined) return judgeMinutes(rule, rule.datapoints, labels, next, known);
  const absent = missing >= pace.evaluations_without_data;
  const verdict = known === undefined && absent ? withoutData(rule, labels) : verdictOf(rule, labels, known);
  return { verdict, value: known, state: next };
}

/**
 * What a counter rose by that gave no sample, where that breaches no more: a rise passes with time by itself. One that does is none that
 * was observed in this minute. Where a rule says what no data is, that holds.
 */
function passed(
  { counter, no_data, condition }: Rule,
  labels: Labels,
  { phase, totals = [] }: RuleState,
  now: Instant,
): number | undefined {
  if (!counter || phase === "inactive" || no_data !== "keep") return undefined;
  const rise = increase(totals, now);
  return holds(condition, rise, labels) ? undefined : rise;
}

/** The state with a sample in it; a counter's sample is what it rose by. */
function noted(rule: Rule, state: RuleState, reading: Reading, now: Instant): RuleState {
  if (reading.kind === "sample") {
    if (!rule.counter) return { ...state, sampled_at: now, fresh: reading.value };
    const totals = withTotal(state.totals ?? [], now, reading.value);
    return { ...state, sampled_at: now, totals, fresh: increase(totals, now) };
  }
  if (!rule.counter || state.fresh === undefined) return state;
  return { ...state, fresh: increase(state.totals ?? [], now) };
}

function verdictOf(rule: Rule, labels: Labels, value: number | undefined): Verdict {
  if (value === undefined) return "unknown";
  if (holds(rule.condition, value, labels)) return "breach";
  return mayEnd(rule, labels, value) ? "good" : "between";
}

function mayEnd({ resolve_condition }: Rule, labels: Labels, value: number): boolean {
  return resolve_condition === undefined || holds(resolve_condition, value, labels);
}

/** A rule that asks for other labels has nothing to say of these, whether they give samples or not. */
function withoutData({ no_data, condition }: Rule, labels: Labels): Verdict {
  if (no_data === "keep") return "unknown";
  return no_data === "alert" && mayHold(condition, labels) ? "breach" : "good";
}

function judgeMinutes(
  rule: Rule,
  datapoints: { breaching: number; of: number },
  labels: Labels,
  state: RuleState,
  value: number | undefined,
): Judged {
  const breaches = value !== undefined && holds(rule.condition, value, labels);
  const point = value === undefined ? "-" : breaches ? "x" : "0";
  const points = withPoint(state.points ?? "", point, datapoints.of);
  // With labels that the condition does not ask for, minutes without a sample are no breaches.
  const no_data = mayHold(rule.condition, labels) ? rule.no_data : "ok";
  const judged = judgePoints(points, datapoints, no_data);
  const verdict = judged === "good" && value !== undefined && !mayEnd(rule, labels, value) ? "between" : judged;
  return { verdict, value, state: { ...state, points } };
}
