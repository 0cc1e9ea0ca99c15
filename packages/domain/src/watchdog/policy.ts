import type { EventType } from "@omoios/contracts/events";
import type { Severity } from "@omoios/contracts/shapes/alert";
import { durationMs } from "@omoios/contracts/shapes/duration";
import type { Remedy } from "@omoios/contracts/shapes/watchdog";
import type { AuthorityName } from "@omoios/kernel/principal";
import { invariant } from "@omoios/kernel/problem";
import { type EventCondition, parseEventCondition } from "./event-condition.ts";
import { membersOf } from "./event-sources.ts";
import type { PolicyConfig } from "./policy-config.ts";
import { type RateLimit, rateLimitOf } from "./rate-limit.ts";
import { remedies } from "./remedies.ts";

type Trigger = { alert: string } | { event: EventType; condition: EventCondition | undefined };

export interface Action {
  type: Remedy;
  verify_within_ms: number;
  workers?: number | undefined;
  receivers?: readonly string[] | undefined;
  severity?: Severity | undefined;
}

/** What a remediation goes by from its begin to its end, whatever becomes of the policy meanwhile. */
export interface Terms {
  actions: readonly Action[];
  /** None for what is done by hand. */
  limits?: { per_target: RateLimit; per_fleet: RateLimit; cooldown_ms: number } | undefined;
  escalation?: { to: string; after_attempts: number; within_ms: number } | undefined;
  /** What it acts with: the policy's, or that of whoever brought the alert where it is less. */
  authority: AuthorityName;
  dry_run: boolean;
}

export interface Policy {
  name: string;
  enabled: boolean;
  triggers: readonly Trigger[];
  terms: Terms;
}

/** A policy made ready. What it is made of was judged by `checkPolicy`. */
export function policyOf(config: PolicyConfig): Policy {
  const { name, enabled, limits, escalation, authority, dry_run } = config;
  return {
    name,
    enabled,
    triggers: config.triggers.map(triggerOf),
    terms: {
      actions: config.actions.map(actionOf),
      limits: {
        per_target: limitOf(limits.per_target),
        per_fleet: limitOf(limits.per_fleet),
        cooldown_ms: durationMs(limits.cooldown),
      },
      escalation: {
        to: escalation.to,
        after_attempts: escalation.after_attempts,
        within_ms: durationMs(escalation.within),
      },
      authority,
      dry_run,
    },
  };
}

/** An action with what its kind says where nothing else does. */
export function actionOf({ type, verify_within, ...rest }: PolicyConfig["actions"][number]): Action {
  const verify_within_ms = verify_within === undefined ? remedies[type].verify_within_ms : durationMs(verify_within);
  return { type, verify_within_ms, ...rest };
}

function triggerOf({ alert, event, condition }: PolicyConfig["triggers"][number]): Trigger {
  if (alert !== undefined) return { alert };
  const type = event as EventType;
  if (condition === undefined) return { event: type, condition: undefined };
  const read = parseEventCondition(condition, membersOf(type));
  invariant(read.ok, `the condition ${condition} was judged`);
  return { event: type, condition: read.condition };
}

function limitOf(text: string): RateLimit {
  const limit = rateLimitOf(text);
  invariant(limit !== undefined, `the limit ${text} was judged`);
  return limit;
}
