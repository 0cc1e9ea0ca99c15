import type { GUARDIAN_TRIGGERS } from "@omoios/contracts/guardian-events";
import type { Priority } from "@omoios/contracts/shapes/common";
import type { GuardianAction } from "@omoios/contracts/shapes/guardian";

type TriggerEvent = (typeof GUARDIAN_TRIGGERS)[number];

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
