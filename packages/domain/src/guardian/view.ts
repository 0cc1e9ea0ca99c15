import type { RouteReply } from "@omoios/contracts/routes";
import { timeOrNull, toRfc3339 } from "@omoios/kernel/clock";
import type { Off } from "../switches/model.ts";
import { offView } from "../switches/service.ts";
import type { InterventionRow } from "./model.ts";
import type { Policy } from "./policy.ts";

/** An action as the API shows it. */
export function interventionView(row: InterventionRow): RouteReply<"getIntervention"> {
  const { action_id, action, target, parameters, reason, status, before, after, by, rollback_refused: refused } = row;
  return {
    ...{ action_id, action, target, parameters, reason, status, before, after, by },
    policy: row.policy ?? null,
    cause: row.cause ?? null,
    at: toRfc3339(row.at),
    rollback_at: timeOrNull(row.due_at),
    reverted_at: timeOrNull(row.reverted_at),
    reverted_by: row.reverted_by ?? null,
    revert_reason: row.revert_reason ?? null,
    refused: row.refused ?? null,
    rollback_refused: refused === undefined ? null : { ...refused, at: toRfc3339(refused.at) },
  };
}

/** A policy as the API shows it. */
export function policyView(policy: Policy, off: Off | undefined): RouteReply<"listGuardianPolicies">["items"][number] {
  const { name, description, triggers, actions, rollback_after_ms, cooldown_ms } = policy;
  return {
    ...{ name, description: description ?? null, enabled: policy.enabled && off === undefined },
    switched_off: off === undefined ? null : offView(off),
    triggers: triggers.map(({ alert, event, matchers }) => ({ alert: alert ?? null, event: event ?? null, matchers })),
    actions: actions.map(({ type, target, priority, amount }) => ({
      ...{ type, target },
      priority: priority ?? null,
      amount: amount ?? null,
    })),
    rollback_after_seconds: rollback_after_ms === undefined ? null : rollback_after_ms / 1000,
    cooldown_seconds: cooldown_ms / 1000,
  };
}
