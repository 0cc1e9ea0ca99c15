import type { Limits } from "@omoios/contracts/limits";
import type { Priority } from "@omoios/contracts/shapes/common";
import type { Instant } from "@omoios/kernel/clock";

type ScoreLimits = Pick<
  Limits,
  | "priority_boost_seconds"
  | "urgency_window_seconds"
  | "dependent_boost_seconds"
  | "dependents_counted"
  | "retry_penalty_seconds"
>;

/**
 * Where a task stands in its lane: the earlier, the sooner it is taken. It is fixed when the task becomes ready, so ageing needs no
 * rescoring: a LOW task is overtaken only by tasks that became ready less than their boost after it.
 */
export function virtualStart(
  task: {
    ready_at: Instant;
    priority: Priority;
    deadline_at?: Instant | undefined;
    retry_count: number;
    dependents: number;
  },
  limits: ScoreLimits,
): Instant {
  const boosted = task.ready_at - limits.priority_boost_seconds[task.priority] * 1000;
  const urgent = (task.deadline_at ?? Number.POSITIVE_INFINITY) - limits.urgency_window_seconds * 1000;
  const helps = Math.min(task.dependents, limits.dependents_counted) * limits.dependent_boost_seconds * 1000;
  const penalty = task.retry_count * limits.retry_penalty_seconds * 1000;
  return Math.round(Math.min(boosted, urgent) - helps + penalty);
}

/** Seconds since the virtual start: the highest is taken first. */
export function score(virtual_start: Instant, now: Instant): number {
  return (now - virtual_start) / 1000;
}
