import type {
  GuardianAction,
  INTERVENTION_STATUSES,
  InterventionParameters,
  InterventionState,
  TargetKind,
} from "@omoios/contracts/shapes/guardian";
import type { Instant } from "@omoios/kernel/clock";
import type { InterventionId } from "@omoios/kernel/ids";
import type { Actor } from "@omoios/kernel/principal";
import type { MaybeDue, MaybeExpiring, Versioned } from "../versioned.ts";
import type { Difference } from "./difference.ts";

export interface Target {
  /** A phase where no agents were found to move capacity to it. */
  kind: TargetKind | "phase";
  id: string;
}

/** What was done, and what it changed: written in the transaction of the change; or what a policy could not do, by itself. Due when it is to be taken back by itself. */
export interface InterventionRow extends Versioned, MaybeDue, MaybeExpiring {
  action_id: InterventionId;
  action: GuardianAction;
  target: Target;
  parameters: InterventionParameters;
  reason: string;
  status: (typeof INTERVENTION_STATUSES)[number];
  before: InterventionState;
  after: InterventionState;
  by: Actor;
  /** The policy that acted by itself, and the event or alert that it acted on. */
  policy?: string | undefined;
  cause?: string | undefined;
  at: Instant;
  reverted_at?: Instant | undefined;
  reverted_by?: Actor | undefined;
  revert_reason?: string | undefined;
  refused?: { code: string; why: string } | undefined;
  rollback_refused?: { at: Instant; why: string; difference: Difference[] } | undefined;
}

/** One of as many interventions as there may be within a minute. */
export interface SlotRow extends Versioned {
  n: number;
  free_at: Instant;
}

/** Stands while a policy's step leaves a target alone that it has acted on. */
export interface MarkRow extends Versioned, MaybeExpiring {
  mark_id: string;
}

/** What is to be done. */
export interface Order {
  action_id: InterventionId;
  action: GuardianAction;
  target: Target;
  parameters: InterventionParameters;
  reason: string;
  /** Where a policy acts by itself. */
  policy?: {
    name: string;
    cause: string;
    mark_id: string;
    cooldown_ms: number;
    rollback_after_ms?: number | undefined;
  };
}
