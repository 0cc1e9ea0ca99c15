import { describe, expect, it } from "vitest";
import { type AgentWatch, agentScore, NEW_WATCH, watchAgent } from "./agent-anomaly.ts";
import { type AgentBaseline, type AgentReading, LEAST_SEEN, learnReading, NEW_BASELINE } from "./agent-baseline.ts";

const calm: AgentReading = {
  latency_seconds: 60,
  completed: 1,
  failed: 0,
  cpu_percent: 40,
  memory_mb: 500,
  queue_share: 0,
};
const wild: AgentReading = {
  latency_seconds: 600,
  completed: 0,
  failed: 1,
  cpu_percent: 100,
  memory_mb: 4_000,
  queue_share: 1,
};

/** A baseline of readings that differ by a tenth up and down. */
function learned(readings = 100): AgentBaseline {
  let baseline = NEW_BASELINE;
  for (let i = 0; i < readings; i++) {
    const by = i % 2 === 0 ? 0.9 : 1.1;
    baseline = learnReading(baseline, { ...calm, latency_seconds: 60 * by, cpu_percent: 40 * by, memory_mb: 500 * by });
  }
  return baseline;
}

describe("the score", () => {
  it.each([
    ["nothing unusual", 0, 0, 0, 0, 0],
    ["latency alone, one and a half deviations", 1.5, 0, 0, 0, 0.175],
    ["latency alone, three", 3, 0, 0, 0, 0.35],
    ["latency alone, more than three", 30, 0, 0, 0, 0.35],
    ["latency below what is usual", -3, 0, 0, 0, 0.35],
    ["errors alone", 0, 1, 0, 0, 0.3],
    ["half the errors", 0, 0.5, 0, 0, 0.15],
    ["resources alone", 0, 0, 1, 0, 0.2],
    ["queue alone", 0, 0, 0, 1, 0.15],
    ["exactly the bound", 3, 1, 0, 1, 0.8],
    ["all but the queue", 3, 1, 1, 0, 0.85],
    ["all", 3, 1, 1, 1, 1],
  ])("%s", (_, latency_deviations, errors, resources, queue, score) => {
    expect(agentScore({ latency_deviations, errors, resources, queue })).toBe(score);
  });
});

describe("a reading against its baseline", () => {
  it("is not judged by a young baseline, except by its queue", () => {
    const { parts, score } = watchAgent({ error_rate: 1, anomalous: 0 }, learned(LEAST_SEEN - 1), wild);
    expect(parts).toEqual({ latency_deviations: 0, errors: 0, resources: 0, queue: 1 });
    expect(score).toBe(0.15);
  });

  it("is judged from the thirtieth reading on", () => {
    expect(watchAgent({ error_rate: 1, anomalous: 0 }, learned(LEAST_SEEN), wild).score).toBe(1);
  });

  it("counts deviations of latency by the usual spread", () => {
    const baseline = learned();
    const spread = Math.sqrt(baseline.latency_seconds.variance);
    expect(spread).toBeCloseTo(6, 0);
    const slow = { ...calm, latency_seconds: baseline.latency_seconds.mean + 2 * spread };
    expect(watchAgent(NEW_WATCH, baseline, slow).parts.latency_deviations).toBeCloseTo(2);
  });

  it("takes a spread of nothing for a twentieth of the mean", () => {
    let baseline = NEW_BASELINE;
    for (let i = 0; i < 50; i++) baseline = learnReading(baseline, calm);
    const { parts } = watchAgent(NEW_WATCH, baseline, { ...calm, latency_seconds: 63 });
    expect(parts.latency_deviations).toBeCloseTo(1);
  });

  it("is as unusual as can be where nothing but zero was ever seen", () => {
    let baseline = NEW_BASELINE;
    for (let i = 0; i < 50; i++) baseline = learnReading(baseline, { ...calm, cpu_percent: 0, memory_mb: 0 });
    expect(watchAgent(NEW_WATCH, baseline, { ...calm, memory_mb: 0, cpu_percent: 1 }).parts.resources).toBe(0.5);
  });

  it("learns each figure by how often it came", () => {
    let baseline = NEW_BASELINE;
    for (let i = 0; i < 20; i++) baseline = learnReading(baseline, { completed: 0, failed: 0, queue_share: 0 });
    expect(learnReading(baseline, calm).latency_seconds).toEqual({ seen: 1, mean: 60, variance: 0 });
  });

  it("counts what was not said as usual", () => {
    const silent: AgentReading = { completed: 0, failed: 0, queue_share: 0 };
    expect(watchAgent(NEW_WATCH, learned(), silent).score).toBe(0);
  });

  it.each([
    ["a failure moves it by a tenth", 0.5, { ...calm, completed: 0, failed: 1 }, 0.55],
    ["a success too", 0.5, calm, 0.45],
    ["half and half", 0, { ...calm, completed: 2, failed: 2 }, 0.05],
    ["no task leaves it", 0.5, { ...calm, completed: 0 }, 0.5],
  ])("the share of failures: %s", (_, before, reading, after) => {
    const { watch } = watchAgent({ error_rate: before, anomalous: 0 }, learned(), reading);
    expect(watch.error_rate).toBeCloseTo(after);
  });

  it.each([
    [0.2, 0.1, 0],
    [0.2, 0.2, 0],
    [0.2, 0.3, 0.5],
    [0.2, 0.6, 1],
    [0, 0.025, 0.5],
    [0, 0.5, 1],
    [0.2, 1, 1],
    [0.9, 0.95, 0.5],
    [0.9, 1, 1],
    [1, 1, 0],
  ])("with %d of tasks failing as usual, %d is an excess of %d", (usual, rate, excess) => {
    const baseline = { ...learned(), error_rate: { seen: 100, mean: usual, variance: 0 } };
    const { parts } = watchAgent({ error_rate: rate, anomalous: 0 }, baseline, { ...calm, completed: 0 });
    expect(parts.errors).toBeCloseTo(excess);
  });
});

describe("readings in a row", () => {
  const failing: AgentWatch = { error_rate: 1, anomalous: 0 };

  function verdicts(readings: readonly AgentReading[]) {
    let watch = failing;
    let baseline = learned();
    return readings.map((reading) => {
      const outcome = watchAgent(watch, baseline, reading);
      // Only the count is under test: failures of before stay.
      watch = { error_rate: 1, anomalous: outcome.watch.anomalous };
      baseline = outcome.baseline;
      return outcome.verdict;
    });
  }

  it("quarantines at the third anomalous one, and as long as it goes on", () => {
    expect(verdicts([wild, wild, wild, wild])).toEqual(["anomalous", "anomalous", "quarantine", "quarantine"]);
  });

  it("begins the count anew after one below", () => {
    expect(verdicts([wild, wild, calm, wild, wild])).toEqual([
      "anomalous",
      "anomalous",
      "normal",
      "anomalous",
      "anomalous",
    ]);
  });

  it("learns no anomalous reading, and every other", () => {
    const baseline = learned();
    expect(watchAgent(failing, baseline, wild).baseline).toBe(baseline);
    expect(watchAgent(failing, baseline, calm).baseline.latency_seconds.seen).toBe(101);
  });
});
