import type { Labels } from "@omoios/contracts/shapes/alert";
import type { RulePhase } from "@omoios/contracts/shapes/alert-rule";
import type { Instant } from "@omoios/kernel/clock";
import type { AlertSignal } from "../signal.ts";
import type { Rule } from "./rule.ts";
import type { Pace, Reading, RuleState } from "./rule-state.ts";
import { step } from "./step.ts";

export interface Sample {
  at: Instant;
  value: number;
}

/** What is evaluated at a moment. */
interface Moment {
  at: Instant;
  readings: Reading[];
}

export interface Evaluated {
  at: Instant;
  before: RulePhase;
  phase: RulePhase;
  signals: AlertSignal[];
}

/** A minute without a point was written down on purpose: in virtual time it is no data at once. */
export const virtualPace = (interval_ms: number): Pace => ({ interval_ms, evaluations_without_data: 1 });

/** A rule over the samples of one label set, evaluated at each of them and at each minute given. */
export function evaluate(
  rule: Rule,
  labels: Labels,
  samples: readonly Sample[],
  minutes: readonly Instant[],
  pace: Pace,
): Evaluated[] {
  let state: RuleState | undefined;
  return momentsOf(samples, minutes).map(({ at, readings }) => {
    const before = state?.phase ?? "inactive";
    const signals = readings.flatMap((reading) => {
      const made = step(rule, labels, state, reading, at, pace);
      state = made.state;
      return made.signals;
    });
    return { at, before, phase: state?.phase ?? "inactive", signals };
  });
}

/** In the order of time; a sample comes before the minute that sees it. */
function momentsOf(samples: readonly Sample[], minutes: readonly Instant[]): Moment[] {
  const moments = new Map<Instant, Reading[]>();
  for (const { at, value } of samples) moments.set(at, [{ kind: "sample", value }]);
  for (const at of minutes) moments.set(at, [...(moments.get(at) ?? []), { kind: "minute" }]);
  return [...moments].map(([at, readings]) => ({ at, readings })).sort((a, b) => a.at - b.at);
}

/** Each interval from a moment to another one, both included. */
export function minutesFrom(start: Instant, end: Instant, interval_ms: number): Instant[] {
  return Array.from({ length: Math.floor((end - start) / interval_ms) + 1 }, (_, index) => start + index * interval_ms);
}
