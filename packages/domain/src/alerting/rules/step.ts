import type { Labels } from "@omoios/contracts/shapes/alert";
import type { RulePhase } from "@omoios/contracts/shapes/alert-rule";
import type { Instant } from "@omoios/kernel/clock";
import type { AlertSignal } from "../signal.ts";
import { holds } from "./condition.ts";
import { countedTime } from "./counted-time.ts";
import { judge, type Verdict } from "./judge.ts";
import type { Rule } from "./rule.ts";
import { newState, type Pace, type Reading, RUNNING, type RuleState } from "./rule-state.ts";
import { tell, tellEnd } from "./tell.ts";

/** What one evaluation makes of a rule and a label set. */
export interface Step {
  /** `undefined`: nothing needs to be remembered. */
  state: RuleState | undefined;
  /** What alerting is told: that the alert came into another phase, or that its rule says otherwise of it. */
  signals: AlertSignal[];
}

/**
 * Evaluates a rule for one label set. Pure: the same state, reading and time give the same step. A reading that is older than the state,
 * or a minute that was evaluated before, changes nothing.
 * @param labels the sample's
 * @param before what the last step gave
 */
export function step(
  rule: Rule,
  labels: Labels,
  before: RuleState | undefined,
  reading: Reading,
  now: Instant,
  pace: Pace = RUNNING,
): Step {
  if (!rule.enabled) return endRule(rule, labels, before, now, "the rule is disabled");
  if (before === undefined && isWell(rule, labels, reading)) return { state: undefined, signals: [] };
  if (before !== undefined && isPast(before, reading, now)) return { state: before, signals: [] };
  const old = before ?? newState(now);
  const judged = judge(rule, labels, old, reading, now, pace);
  if (judged.verdict === undefined) return { state: judged.state, signals: [] };
  const counted = countedTime(old, reading, now, pace);
  const moved = move(rule, withoutGap(judged.state, now, counted), judged.verdict, now, counted);
  const { signals, told } = tell({ rule, labels, value: judged.value, at: now }, old, moved.phase);
  const state: RuleState = { ...moved, evaluated_at: now, told };
  return { state: saysNothing(rule, state) ? undefined : state, signals };
}

/** Ends what a rule that is disabled or gone has begun for a label set. */
export function endRule(
  rule: Rule,
  labels: Labels,
  state: RuleState | undefined,
  now: Instant,
  reason: string,
): Step & { state: undefined } {
  const told = { rule, labels, value: undefined, at: now };
  return { state: undefined, signals: state?.told === undefined ? [] : [tellEnd(told, state.told, reason)] };
}

/** What most series are at most moments: well before and after. Told first because it is told so often. */
function isWell(rule: Rule, labels: Labels, reading: Reading): boolean {
  if (rule.counter || rule.datapoints !== undefined || rule.no_data === "alert") return false;
  return reading.kind === "minute" || !holds(rule.condition, reading.value, labels);
}

function isPast(state: RuleState, reading: Reading, now: Instant): boolean {
  if (reading.kind === "sample") return now < Math.max(state.evaluated_at, state.sampled_at ?? 0);
  return now < state.evaluated_at || (state.minute_at !== undefined && now <= state.minute_at);
}

/** `keep_firing_for` does not run while nobody looks. */
function withoutGap(state: RuleState, now: Instant, counted: number): RuleState {
  if (state.good_since === undefined) return state;
  return { ...state, good_since: state.good_since + (now - state.evaluated_at - counted) };
}

function move(rule: Rule, state: RuleState, verdict: Verdict, now: Instant, counted: number): RuleState {
  if (verdict === "unknown") return state;
  if (verdict === "breach") return breached(rule, state, now, counted);
  if (state.phase === "pending") return enter(state, "inactive", now);
  if (state.phase === "inactive") return state;
  if (verdict === "between") return { ...state, good_since: undefined };
  const good_since = state.good_since ?? now;
  if (now - good_since >= rule.keep_firing_for_ms) return enter(state, "inactive", now);
  return { ...state, good_since };
}

function breached(rule: Rule, state: RuleState, now: Instant, counted: number): RuleState {
  if (state.phase === "firing") return { ...state, good_since: undefined };
  const held_ms = state.phase === "pending" ? state.held_ms + counted : 0;
  if (held_ms >= rule.for_ms) return enter(state, "firing", now);
  return state.phase === "pending" ? { ...state, held_ms } : enter(state, "pending", now);
}

function enter(state: RuleState, phase: RulePhase, now: Instant): RuleState {
  return { ...state, phase, since: now, held_ms: 0, good_since: undefined };
}

/** Whether a state says no more than none does, so that it need not be stored. */
function saysNothing({ counter, no_data }: Rule, { phase, points }: RuleState): boolean {
  return phase === "inactive" && !counter && no_data !== "alert" && !points?.includes("x");
}
