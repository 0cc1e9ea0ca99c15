/**
 * The figures that CloudWatch gets: series whose labels are bounded. Each costs 0.30 USD in a month in which it changes; what is of one
 * agent or ticket stays in the plane.
 */
export const FIGURES_NAMESPACE = "OmoiOS";

/** Phases that have a series of their own; the others are one. */
export const MOST_PHASES = 12;
export const OTHER_PHASES = "other";

/** Names by the dimension beside the stage that they are told with. Totals are of the minute in which they rose. */
export const boundedFigures = {
  stage: [
    "tasks_running",
    "tasks_stuck",
    "tasks_completed_total",
    "tasks_failed_total",
    "tasks_dead_lettered_total",
    "tickets_blocked",
    "agents_active",
    "agents_stale",
    "agents_failed",
    "agent_availability_ratio",
    "task_success_ratio",
    "cache_hits_total",
    "cache_reads_total",
  ],
  priority: ["tasks_queued_total"],
  phase_id: ["tasks_queued_total"],
  severity: ["alerts_active"],
  outcome: ["notifications_total"],
} as const;

export type FigureDimension = keyof typeof boundedFigures;
