import type { Instant } from "@omoios/kernel/clock";
import type { Rule } from "../../alerting/rules/rule.ts";
import type { Reading, RuleState } from "../../alerting/rules/rule-state.ts";
import { endRule, step } from "../../alerting/rules/step.ts";
import type { AlertSignal } from "../../alerting/signal.ts";
import type { Point, RuleStates, Series } from "./model.ts";

/** What rules make of a series: what is remembered of each, and what alerting is told. */
export interface Judged {
  states: RuleStates;
  signals: AlertSignal[];
}

/** Judges new points of a series by the rules of its metric, each as it is read. */
export function judgePoints(series: Series, points: readonly Point[], rules: readonly Rule[], now: Instant): Judged {
  const judged = rules.map((rule) =>
    points.reduce(
      ({ state, signals }, [at, value]) => {
        // A sample that was measured before the last minute was judged, and arrives behind it, counts as of that minute.
        const seen = Math.min(now, Math.max(at, state?.evaluated_at ?? 0, state?.sampled_at ?? 0));
        return stepped(series, rule, { state, signals }, { kind: "sample", value }, seen);
      },
      { state: series.states[rule.name], signals: [] as AlertSignal[] },
    ),
  );
  const names = new Set(rules.map(({ name }) => name));
  const others = Object.entries(series.states).filter(([name]) => !names.has(name));
  return {
    states: Object.fromEntries([...others, ...remembered(rules, judged)]),
    signals: judged.flatMap(({ signals }) => signals),
  };
}

/** Whether a minute can change anything about a series: something goes on, or a rule asks for data. */
export function minuteMatters({ states }: Series, rules: readonly Rule[]): boolean {
  if (rules.some((rule) => rule.enabled && rule.no_data === "alert")) return true;
  return Object.entries(states).some(
    ([name, state]) =>
      !rests(
        state,
        rules.find((rule) => rule.name === name),
      ),
  );
}

/** A counter's totals are remembered while nothing goes on: a minute without a sample says nothing of them. */
function rests({ phase, fresh, told }: RuleState, rule: Rule | undefined): boolean {
  const waits = fresh !== undefined || told !== undefined || rule?.datapoints !== undefined;
  return rule?.enabled === true && phase === "inactive" && !waits;
}

/** Judges the minute of a series. What is remembered of a rule that is gone, or that is of another metric now, ends. */
export function judgeMinute(series: Series, rules: readonly Rule[], now: Instant): Judged {
  const judged = rules.map((rule) =>
    stepped(series, rule, { state: series.states[rule.name], signals: [] }, { kind: "minute" }, now),
  );
  const names = new Set(rules.map(({ name }) => name));
  const ended = Object.entries(series.states)
    .filter(([name]) => !names.has(name))
    .flatMap(
      ([name, state]) => endRule(gone(name, series, state), series.labels, state, now, "the rule is deleted").signals,
    );
  return {
    states: Object.fromEntries(remembered(rules, judged)),
    signals: [...judged.flatMap(({ signals }) => signals), ...ended],
  };
}

interface Stepped {
  state: RuleState | undefined;
  signals: AlertSignal[];
}

function stepped(series: Series, rule: Rule, before: Stepped, reading: Reading, at: Instant): Stepped {
  const { state, signals } = step(rule, series.labels, before.state, reading, at);
  return { state, signals: [...before.signals, ...signals] };
}

function remembered(rules: readonly Rule[], judged: readonly Stepped[]): [string, RuleState][] {
  return rules.flatMap(({ name }, index): [string, RuleState][] => {
    const state = judged[index]?.state;
    return state === undefined ? [] : [[name, state]];
  });
}

/** A rule of which only its alert is left. */
function gone(name: string, { metric }: Series, { told }: RuleState): Rule {
  return {
    name,
    metric,
    counter: false,
    condition: { kind: "or", terms: [] },
    resolve_condition: undefined,
    severity: told?.severity ?? "info",
    routing: [],
    deduplication_window_ms: 0,
    for_ms: 0,
    keep_firing_for_ms: 0,
    datapoints: undefined,
    no_data: "keep",
    enabled: true,
    runbook_url: undefined,
    labels: {},
    annotations: {},
  };
}
