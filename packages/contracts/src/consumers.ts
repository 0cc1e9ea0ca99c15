/** Who hears which events, as plain as the topology, of which it is a part. */
import { GUARDIAN_EVENTS } from "./guardian-events.ts";
import type { ConsumerRow } from "./topology-types.ts";

/** Each has a queue of its own of the same name, and a function that reads it. */
export const consumers = [
  {
    name: "settle-task",
    events: ["task.completed", "task.failed", "task.cancelled", "task.retry_scheduled"],
    batch_size: 10,
  },
  { name: "advance-ticket", events: ["ticket.artifact_added", "ticket.unblocked"], batch_size: 10 },
  {
    name: "alert-on-event",
    events: [
      "monitor.mass_silence",
      "agent.heartbeat.missed",
      "agent.registration_failed",
      "task.stuck",
      "ticket.blocked",
      "watchdog.remediation.started",
      "watchdog.escalation",
      "guardian.intervention.refused",
      "monitor.anomaly.detected",
      "ticket.unblocked",
      "watchdog.remediation.completed",
      "monitor.anomaly.cleared",
      "monitor.mass_silence.cleared",
      "task.unstuck",
    ],
    batch_size: 10,
  },
  {
    name: "watchdog",
    events: [
      "monitor.alert.triggered",
      "monitor.alert.resolved",
      "agent.registered",
      "agent.heartbeat.missed",
      "agent.registration_failed",
      "agent.status_changed",
      "task.stuck",
      "task.dead_lettered",
      "task.unmatchable",
      "monitor.anomaly.detected",
      "monitor.mass_silence",
    ],
    batch_size: 10,
  },
  { name: "intervene", events: GUARDIAN_EVENTS, batch_size: 10 },
  { name: "enter-phase", events: ["ticket.phase_changed", "ticket.cancelled"], batch_size: 5 },
] as const satisfies readonly ConsumerRow[];
