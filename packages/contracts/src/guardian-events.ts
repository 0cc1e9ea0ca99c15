import type { EventType } from "./events.ts";

/** Events that a guardian's policy can be triggered by: rare ones, which say that something went wrong. */
export const GUARDIAN_TRIGGERS = [
  "watchdog.escalation",
  "monitor.mass_silence",
  "monitor.anomaly.detected",
  "agent.registration_failed",
  "task.deadline_missed",
  "task.stuck",
  "task.dead_lettered",
  "task.unmatchable",
  "ticket.blocked",
] as const satisfies readonly EventType[];

/** All that the guardian hears: an alert that begins to fire is an event too. */
export const GUARDIAN_EVENTS = [
  ...GUARDIAN_TRIGGERS,
  "monitor.alert.triggered",
] as const satisfies readonly EventType[];
