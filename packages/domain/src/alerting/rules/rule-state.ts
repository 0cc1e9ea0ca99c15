import type { Labels, Severity } from "@omoios/contracts/shapes/alert";
import type { RulePhase } from "@omoios/contracts/shapes/alert-rule";
import type { Instant } from "@omoios/kernel/clock";
import type { Bringer } from "../bringer.ts";

/** What alerting was told an alert with: its end must carry the same labels, and come from the same. */
export interface ToldAs {
  labels: Labels;
  severity: Severity;
  brought_by?: Bringer | undefined;
}

/** What is remembered of a rule and one label set between evaluations: plain JSON, some hundred bytes at most. */
export interface RuleState {
  phase: RulePhase;
  /** Since when it is in its phase. */
  since: Instant;
  /** The last evaluation, of a sample or of a minute. */
  evaluated_at: Instant;
  /** The last sample, which a rule of M of N notes before it evaluates it. */
  sampled_at?: Instant | undefined;
  /** The last evaluation of a minute, where there was one. */
  minute_at?: Instant | undefined;
  /** What was judged of the samples since then; absent: there was none. */
  fresh?: number | undefined;
  /** Evaluations of a minute in a row that had no sample. */
  missing: number;
  /** For how long the condition was seen to hold: towards `for`. */
  held_ms: number;
  /** The first good reading since the last breach while the alert fires, moved on by gaps of the sweep. */
  good_since?: Instant | undefined;
  /** The last minutes of a rule of M of N, newest last: `x` breaching, `0` good, `-` without a sample. */
  points?: string | undefined;
  /** Totals of a counter over five minutes, oldest first. */
  totals?: readonly [at: Instant, total: number][] | undefined;
  /** Absent: alerting knows of no alert. */
  told?: ToldAs | undefined;
}

/** A reading of a rule's metric: a sample that arrived, or the evaluation of a minute, which sees the samples since the last one. */
export type Reading = { kind: "sample"; value: number } | { kind: "minute" };

/** How a stage evaluates. */
export interface Pace {
  /** From one evaluation of a minute to the next. */
  interval_ms: number;
  /** Evaluations without a sample that make it a case of no data. */
  evaluations_without_data: number;
}

/** A running stage. A single minute without a sample may be a sample that came late. */
export const RUNNING: Pace = { interval_ms: 60_000, evaluations_without_data: 2 };

export function newState(now: Instant): RuleState {
  return { phase: "inactive", since: now, evaluated_at: now, missing: 0, held_ms: 0 };
}
