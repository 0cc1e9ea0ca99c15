/** Exponentially weighted mean and variance of one figure. */
export interface Moments {
  /** How often it was learned. Not every reading has every figure. */
  seen: number;
  mean: number;
  variance: number;
}

/** What is usual for agents of one type in one phase. */
export interface AgentBaseline {
  latency_seconds: Moments;
  cpu_percent: Moments;
  memory_mb: Moments;
  /** The share of tasks that fail. */
  error_rate: Moments;
}

/** What was seen of an agent since its last reading. What it did not do or say is absent. */
export interface AgentReading {
  /** Mean duration of the tasks that it ended. */
  latency_seconds?: number | undefined;
  completed: number;
  failed: number;
  cpu_percent?: number | undefined;
  memory_mb?: number | undefined;
  /** The share of all pending dependents in the stage that wait for a task of this agent, 0 to 1. */
  queue_share: number;
}

/** How often a figure must have been learned before anything of it is unusual. */
export const LEAST_SEEN = 30;

/** Weight of a new reading: about the last 50 count. */
const WEIGHT = 0.02;

/** A spread below this share of the mean is taken for it: three agents of equal figures make no fourth one strange. */
const LEAST_SPREAD = 0.05;

/** Farther off than this is told as this. */
const FAR = 100;

const NONE: Moments = { seen: 0, mean: 0, variance: 0 };

export const NEW_BASELINE: AgentBaseline = {
  latency_seconds: NONE,
  cpu_percent: NONE,
  memory_mb: NONE,
  error_rate: NONE,
};

/** How many deviations a value lies from what is usual; 0 for no value, and while little was learned. */
export function deviationOf({ seen, mean, variance }: Moments, value: number | undefined): number {
  if (value === undefined || seen < LEAST_SEEN || value === mean) return 0;
  const spread = Math.max(Math.sqrt(variance), LEAST_SPREAD * Math.abs(mean));
  return Math.max(-FAR, Math.min(FAR, (value - mean) / spread));
}

/** The baseline with one more reading in it. */
export function learnReading(baseline: AgentBaseline, reading: AgentReading): AgentBaseline {
  return {
    latency_seconds: learn(baseline.latency_seconds, reading.latency_seconds),
    cpu_percent: learn(baseline.cpu_percent, reading.cpu_percent),
    memory_mb: learn(baseline.memory_mb, reading.memory_mb),
    error_rate: learn(baseline.error_rate, errorRateOf(reading)),
  };
}

/** The share of the tasks that it ended which failed; `undefined` when it ended none. */
export function errorRateOf({ completed, failed }: AgentReading): number | undefined {
  return completed + failed === 0 ? undefined : failed / (completed + failed);
}

/** The first values count alike. */
function learn(moments: Moments, value: number | undefined): Moments {
  if (value === undefined) return moments;
  const seen = moments.seen + 1;
  const weight = Math.max(WEIGHT, 1 / seen);
  const off = value - moments.mean;
  return { seen, mean: moments.mean + weight * off, variance: (1 - weight) * (moments.variance + weight * off * off) };
}
