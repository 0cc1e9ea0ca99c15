import { SEVERITIES } from "@omoios/contracts/shapes/alert";
import { PRIORITIES } from "@omoios/contracts/shapes/common";
import type { Instant } from "@omoios/kernel/clock";
import { countHour, serviceLevel } from "../service-levels.ts";
import type { Measurement } from "./measurement.ts";
import type { SweepMemory } from "./memory.ts";
import type { Tally } from "./tally.ts";

/** Counters of a phase, by the figure that is summed. */
const COUNTERS = {
  completed: "tasks_completed_total",
  failed: "tasks_failed_total",
  dead_lettered: "tasks_dead_lettered_total",
} as const;

/** Durations of a phase: how many, and their seconds. */
const DURATIONS = [
  ["ended", "ended_seconds", "task_duration_seconds"],
  ["taken", "waited_seconds", "task_wait_seconds"],
] as const;

/** What the plane's sums say, less what they said when they were last sampled where that is what matters. */
export function stageFigures(tallies: readonly Tally[], { sampled }: SweepMemory): Measurement[] {
  return tallies.flatMap(({ scope, totals }): Measurement[] => {
    const [kind, phase_id = ""] = split(scope);
    const since = (figure: string) => sampled[`${scope}#${figure}`] ?? 0;
    if (kind === "phase") return phaseFigures(phase_id, totals, since);
    if (kind === "alerts") {
      return SEVERITIES.map((severity) => gauge("alerts_active", { severity }, totals[severity]));
    }
    if (kind === "watchdog") return watchdogFigures(totals, since);
    return Object.entries(totals).map(([figure, value]) => {
      const [receiver = "", outcome = ""] = split(figure);
      return { metric: "notifications_total", labels: { receiver, outcome }, value, since: since(figure) };
    });
  });
}

function phaseFigures(phase_id: string, totals: Tally["totals"], since: (figure: string) => number): Measurement[] {
  const labels = { phase_id };
  const queued = PRIORITIES.map((priority) =>
    gauge("tasks_queued_total", { phase_id, priority }, totals[`queued#${priority}`]),
  );
  const counted = Object.entries(COUNTERS).flatMap(([figure, metric]): Measurement[] => {
    const value = totals[figure];
    return value === undefined ? [] : [{ metric, labels, value, since: since(figure) }];
  });
  const means = DURATIONS.flatMap(([count, seconds, metric]): Measurement[] => {
    const ended = (totals[count] ?? 0) - since(count);
    return ended <= 0 ? [] : [{ metric, labels, value: ((totals[seconds] ?? 0) - since(seconds)) / ended, mean: true }];
  });
  return [...queued, gauge("tasks_running", labels, totals.running), ...counted, ...means];
}

/** Counters of the watchdog, by the figure that is summed: `<figure>#<policy>#<outcome>`. */
const REPAIRS: ReadonlyMap<string, Measurement["metric"]> = new Map([
  ["actions", "watchdog.actions"],
  ["failed", "watchdog.remediation.failed"],
  ["escalated", "watchdog.escalation"],
]);

function watchdogFigures(totals: Tally["totals"], since: (figure: string) => number): Measurement[] {
  return Object.entries(totals).flatMap(([figure, value]): Measurement[] => {
    const [name = "", policy = "", outcome = ""] = figure.split("#");
    const metric = REPAIRS.get(name);
    return metric === undefined ? [] : [{ metric, labels: { policy, outcome }, value, since: since(figure) }];
  });
}

/** A stage that counts from some day on sees what stood there before leave. */
const gauge = (metric: Measurement["metric"], labels: Measurement["labels"], value = 0): Measurement => ({
  metric,
  labels,
  value: Math.max(0, value),
});

function split(text: string): [string, string | undefined] {
  const at = text.indexOf("#");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** The agents that should be at work, and those of them that are. */
export interface Attendance {
  active: number;
  all: number;
}

/** What is remembered with the tasks that ended since. The same as before where none did. */
export function countTasks(memory: SweepMemory, tallies: readonly Tally[], now: Instant): SweepMemory {
  const [good, bad] = [endedSince(memory, tallies, "completed"), endedSince(memory, tallies, "failed")];
  const counted = tallies.flatMap(({ scope, totals }) =>
    Object.entries(totals)
      .filter(([figure]) => scope !== "alerts" && figure !== "running" && !figure.startsWith("queued#"))
      .map(([figure, value]) => [`${scope}#${figure}`, value] as const),
  );
  const success = good + bad > 0 ? countHour(memory.success, now, { good, all: good + bad }) : memory.success;
  return { ...memory, sampled: Object.fromEntries(counted), success };
}

function endedSince({ sampled }: SweepMemory, tallies: readonly Tally[], figure: string): number {
  return tallies
    .filter(({ scope }) => scope.startsWith("phase#"))
    .reduce((sum, { scope, totals }) => sum + (totals[figure] ?? 0) - (sampled[`${scope}#${figure}`] ?? 0), 0);
}

/** What is remembered with one more minute of the agents that are active, where there are any. */
export function countAgents(memory: SweepMemory, { active, all }: Attendance, now: Instant): SweepMemory {
  return all === 0 ? memory : { ...memory, availability: countHour(memory.availability, now, { good: active, all }) };
}

/** The ratios of the hour that runs, where there was anything to be good. */
export function ratioFigures({ availability, success }: SweepMemory, now: Instant): Measurement[] {
  const levels = [
    ["agent_availability_ratio", availability],
    ["task_success_ratio", success],
  ] as const;
  return levels.flatMap(([metric, hours]) => {
    const { ratio } = serviceLevel(hours, now, { over: "hour", of: metric });
    return ratio === undefined ? [] : [{ metric, labels: {}, value: ratio }];
  });
}
