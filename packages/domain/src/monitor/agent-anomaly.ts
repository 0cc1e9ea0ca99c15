import {
  type AgentBaseline,
  type AgentReading,
  deviationOf,
  errorRateOf,
  LEAST_SEEN,
  learnReading,
  type Moments,
} from "./agent-baseline.ts";

/** What is kept of an agent between two readings. */
export interface AgentWatch {
  /** Exponentially weighted share of its tasks that fail. */
  error_rate: number;
  /** Anomalous readings in a row, up to the last. */
  anomalous: number;
}

/** What a score is the sum of, each from 0 to 1 but the first. */
export interface ScoreTerms {
  /** Deviations of its tasks' latency from what is usual. */
  latency_deviations: number;
  /** How far its share of failures lies above the usual one: 1 where it is twice that, or all that can be. */
  errors: number;
  /** Mean of how unusual its use of processor and memory is. */
  resources: number;
  /** The share of pending dependents that wait for it. */
  queue: number;
}

const ANOMALOUS_SCORE = 0.8;
const READINGS_TO_QUARANTINE = 3;
export const NEW_WATCH: AgentWatch = { error_rate: 0, anomalous: 0 };

const ERROR_WEIGHT = 0.1;
/** Of a kind that hardly ever fails, one failure among many is not twice the usual. */
const LEAST_RATE = 0.05;

/** Deviations that are as unusual as any can be. */
const MOST_DEVIATIONS = 3;

/** How far an agent is from its kind, 0 to 1. */
export function agentScore({ latency_deviations, errors, resources, queue }: ScoreTerms): number {
  const sum = 0.35 * unusual(latency_deviations) + 0.3 * errors + 0.2 * resources + 0.15 * queue;
  // Rounded, so that parts which make exactly 0.8 are not below it by the last bit.
  return Math.min(1, Math.round(sum * 1e9) / 1e9);
}

export interface WatchOutcome {
  watch: AgentWatch;
  baseline: AgentBaseline;
  parts: ScoreTerms;
  score: number;
  /** `quarantine` from the third anomalous reading in a row on. */
  verdict: "normal" | "anomalous" | "quarantine";
}

/**
 * Judges one reading of an agent by the baseline of its type and phase. A reading below 0.8 begins the count anew and is
 * learned by the baseline; an anomalous one is not, or a fleet that fails would make failing usual.
 */
export function watchAgent(watch: AgentWatch, baseline: AgentBaseline, reading: AgentReading): WatchOutcome {
  const errors = errorRateOf(reading);
  const error_rate =
    errors === undefined ? watch.error_rate : watch.error_rate + ERROR_WEIGHT * (errors - watch.error_rate);
  const parts = partsOf(error_rate, baseline, reading);
  const score = agentScore(parts);
  if (score < ANOMALOUS_SCORE) {
    return {
      watch: { error_rate, anomalous: 0 },
      baseline: learnReading(baseline, reading),
      parts,
      score,
      verdict: "normal",
    };
  }
  const anomalous = watch.anomalous + 1;
  const verdict = anomalous >= READINGS_TO_QUARANTINE ? "quarantine" : "anomalous";
  return { watch: { error_rate, anomalous }, baseline, parts, score, verdict };
}

function partsOf(error_rate: number, baseline: AgentBaseline, reading: AgentReading): ScoreTerms {
  const cpu = deviationOf(baseline.cpu_percent, reading.cpu_percent);
  const memory = deviationOf(baseline.memory_mb, reading.memory_mb);
  return {
    latency_deviations: deviationOf(baseline.latency_seconds, reading.latency_seconds),
    errors: excess(error_rate, baseline.error_rate),
    resources: (unusual(cpu) + unusual(memory)) / 2,
    queue: Math.max(0, Math.min(1, reading.queue_share)),
  };
}

/** 0 at the usual rate, below it, and while little was learned; 1 at twice that rate, and when everything fails. */
function excess(rate: number, { seen, mean }: Moments): number {
  if (seen < LEAST_SEEN || mean >= 1) return 0;
  const twice = Math.min(Math.max(mean, LEAST_RATE), 1 - mean);
  return Math.max(0, Math.min(1, (rate - mean) / twice));
}

const unusual = (deviations: number): number => Math.min(1, Math.abs(deviations) / MOST_DEVIATIONS);
