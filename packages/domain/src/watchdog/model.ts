import type {
  RemediationOutcome,
  RemediationStatus,
  Remedy,
  StepOutcome,
  TargetKind,
} from "@omoios/contracts/shapes/watchdog";
import type { Instant } from "@omoios/kernel/clock";
import type { AgentId, AlertId, RemediationId } from "@omoios/kernel/ids";
import type { Bringer } from "../alerting/bringer.ts";
import type { Off } from "../switches/model.ts";
import type { MaybeDue, MaybeExpiring, Versioned } from "../versioned.ts";
import type { Terms } from "./policy.ts";
import type { Tally } from "./rate-limit.ts";
import type { Toil } from "./rest.ts";

export interface Target {
  kind: TargetKind;
  id: string;
}

/** A step that is over. */
interface StepTaken {
  action: Remedy;
  outcome: StepOutcome;
  why: string;
  started_at: Instant;
  ended_at: Instant;
}

/** What led to a remediation, so that all that it does is part of the same story. */
export interface Cause {
  /** `by hand` is no event. */
  event_id?: string | undefined;
  type?: string | undefined;
  correlation_id: string;
  traceparent?: string | undefined;
  /** Who asked for it: the policy's watchdog, or a principal. */
  by: string;
  reason?: string | undefined;
  /** Who brought the alert from outside, or asks for it by hand: nothing is done, nor by the guardian, that he may not do. */
  brought_by?: Bringer | undefined;
}

/** One policy's answer to one occurrence of an alert, or to one event; or what somebody asked for by hand. Its version orders its steps. */
export interface RemediationRow extends Versioned, MaybeDue, MaybeExpiring {
  remediation_id: RemediationId;
  policy: string;
  terms: Terms;
  cause: Cause;
  target: Target;
  /** What is mended together: an agent's line, that one and those that it replaced; any other target by itself. */
  line: string;
  agent_id?: AgentId | undefined;
  phase_id?: string | undefined;
  alert_id?: AlertId | undefined;
  alertname?: string | undefined;
  /** A person asks for it to be handed on. */
  asked?: boolean | undefined;
  /** What the fleet's limit held back, and this does once there is room. */
  takes_up?: RemediationId | undefined;
  severity?: string | undefined;
  status: RemediationStatus;
  /** Which of the terms' actions is next, or under way. */
  step: number;
  steps: readonly StepTaken[];
  /** Steps that did not help. */
  attempts: number;
  opened_at: Instant;
  /** When its first step was taken. */
  started_at?: Instant | undefined;
  /** When the step under way was begun. */
  acted_at?: Instant | undefined;
  /** How often it was begun. */
  tries?: number | undefined;
  ended_at?: Instant | undefined;
  outcome?: RemediationOutcome | undefined;
  why?: string | undefined;
  /** What a person said who stopped it; the event takes it from here. */
  reason?: string | undefined;
  /** What more workers were asked for; the event takes it from here. */
  agent_type?: string | undefined;
  phase_ids?: readonly string[] | undefined;
  capabilities?: readonly string[] | undefined;
  workers?: number | undefined;
}

/** What is remembered of a target between remediations. One at a time works on it. */
export interface RemediationLineRow extends Versioned, MaybeExpiring {
  line: string;
  open?: { remediation_id: RemediationId; policy: string } | undefined;
  /** The newest that ended, and when. Rows of before its id was kept lack it. */
  last?: { policy: string; ended_at: Instant; remediation_id?: RemediationId | undefined } | undefined;
  toil?: Toil | undefined;
  /** Remediations that were begun, by policy. */
  begun: Readonly<Record<string, Tally>>;
  /** Steps that did not help. */
  failures: Tally;
  /** When one too many was handed on, by policy. */
  escalated?: Readonly<Record<string, Instant>> | undefined;
}

/** What a policy did in the whole fleet lately. */
export interface RemediationFleetRow extends Versioned, MaybeExpiring {
  policy: string;
  begun: Tally;
  escalated_at?: Instant | undefined;
}

/** What is known of the target at a moment. */
export interface Seen {
  /** Whether the alert that it was begun for is over; `undefined` where it was begun for none. */
  alert_over: boolean | undefined;
  /** Who acknowledged the alert. */
  taken_by: string | undefined;
  /** Whether its cause was an event or an alert about an agent's life. */
  about_life: boolean;
  agent: SeenAgent | undefined;
  /** An agent that replaces the target has sent its first heartbeat. */
  replaced_by: AgentId | undefined;
  /** An agent came, since the step under way was begun, that serves what more workers were asked for. */
  worker_came: boolean;
  /** So many agents are silent together that none is held to it. */
  mass_silence: boolean;
  /** Who took its policy out of force. What is done by hand has no policy that could be. */
  switched_off: Off | undefined;
}

export interface SeenAgent {
  status: "SPAWNING" | "IDLE" | "DEGRADED" | "FAILED" | "QUARANTINED" | "TERMINATED";
  tasks: number;
  /** Missed beats that still count. */
  misses: number;
  leaving: "restart" | "deregistration" | undefined;
  /** It was ended by a restart, or its registration came to nothing: somebody should be in its place. */
  missed: boolean;
  key_revoked: boolean;
}
