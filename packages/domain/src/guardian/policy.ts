import type { EventType } from "@omoios/contracts/events";
import type { Priority } from "@omoios/contracts/shapes/common";
import type { GuardianAction } from "@omoios/contracts/shapes/guardian";

/** Events that a policy can be triggered by: rare ones, which say that something went wrong. */
export const TRIGGER_EVENTS = [
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
export type TriggerEvent = (typeof TRIGGER_EVENTS)[number];

/** An alert that begins to fire is an event too. */
const ALERT_EVENT = "monitor.alert.triggered" satisfies EventType;

/** All that the guardian hears. */
export const GUARDIAN_EVENTS: readonly EventType[] = [...TRIGGER_EVENTS, ALERT_EVENT];

/** Names an alert or an event. */
export interface Trigger {
  alert?: string | undefined;
  event?: TriggerEvent | undefined;
  /** What must hold of the alert's labels, or of the event's members. */
  matchers: string[];
}

export interface Step {
  type: GuardianAction;
  /** The label or member that names the target; for capacity, the phase that is in need of it. */
  target: string;
  priority?: Priority | undefined;
  amount?: number | undefined;
}

/** What the guardian does by itself; plain, so that a bundle can hold it as JSON. */
export interface Policy {
  name: string;
  description?: string | undefined;
  enabled: boolean;
  triggers: Trigger[];
  actions: Step[];
  /** When each action is taken back; absent where it stays. */
  rollback_after_ms?: number | undefined;
  /** How long a step leaves a target alone that it has acted on. */
  cooldown_ms: number;
}
