import type { Envelope } from "@omoios/contracts/events";
import type { Labels } from "@omoios/contracts/shapes/alert";
import type { Instant } from "@omoios/kernel/clock";
import { derivedId, isId, type RemediationId } from "@omoios/kernel/ids";
import type { Bringer } from "../alerting/bringer.ts";
import { digest } from "../digest.ts";
import { holdsFor } from "./event-condition.ts";
import type { Cause, RemediationRow, Target } from "./model.ts";
import type { Policy, Terms } from "./policy.ts";

/** What a policy is to act on. */
export interface Occasion {
  /** What makes it one: the occurrence of an alert, or the event. */
  key: string;
  target: Target;
  alert_id?: string | undefined;
  alertname?: string | undefined;
  severity?: string | undefined;
  brought_by?: Bringer | undefined;
}

/** What an event is to those policies that it triggers; nothing where it triggers none. */
export function occasionOf(
  event: Envelope,
  policies: readonly Policy[],
): { policies: Policy[]; occasion: Occasion } | undefined {
  const data = event.data;
  const triggered = policies.filter(
    ({ enabled, triggers }) => enabled && triggers.some((trigger) => isTriggered(trigger, event)),
  );
  if (triggered.length === 0) return undefined;
  if (event.type !== "monitor.alert.triggered")
    return { policies: triggered, occasion: { key: event.id, target: targetOf(data as Labels) } };
  const { alert_id, rule_id, severity, labels } = data as Record<string, string> & { labels?: Labels };
  if (alert_id === undefined) return undefined;
  const target = targetOf(labels ?? {});
  const brought_by = data.brought_by as Bringer | undefined;
  return {
    policies: triggered,
    occasion: { key: alert_id, target, alert_id, alertname: rule_id, severity, brought_by },
  };
}

function isTriggered(trigger: Policy["triggers"][number], { type, data }: Envelope): boolean {
  if ("alert" in trigger) return type === "monitor.alert.triggered" && data.rule_id === trigger.alert;
  if (trigger.event !== type) return false;
  return trigger.condition === undefined || holdsFor(trigger.condition, data);
}

/** The id of the one plane that there is. */
export const PLANE = "plane";

/** Longer names are nothing of the plane's; whoever sends alerts may write what he likes. */
const LONGEST_NAME = 100;

/** What is to be mended, by the labels of an alert or the data of an event: its agent, else its phase, else the plane. */
export function targetOf({ agent_id, phase_id }: Labels): Target {
  const named = (name: unknown): name is string =>
    typeof name === "string" && name !== "" && name.length <= LONGEST_NAME;
  if (named(agent_id)) return { kind: "agent", id: agent_id };
  return named(phase_id) ? { kind: "phase", id: phase_id } : { kind: "plane", id: PLANE };
}

/** The id of a policy's answer to an occasion: the same each time that it is told. */
export const remediationIdOf = (policy: string, key: string) => derivedId("remediation", digest(policy, key));

/** The id of what takes a remediation up again that the fleet's limit held back. */
export const againIdOf = (remediation_id: RemediationId) => derivedId("remediation", digest(remediation_id, "again"));

/** What the fleet's limit held back, for when there is room again. */
export function takenUp(row: RemediationRow, again_at: Instant, now: Instant): RemediationRow {
  const { remediation_id, policy, terms, target, line, cause, alert_id, alertname, severity } = row;
  return {
    ...opened(againIdOf(remediation_id), { policy, terms, target, line, cause, now }),
    ...{ alert_id, alertname, severity, takes_up: remediation_id, due_at: again_at },
  };
}

interface Opening {
  policy: string;
  terms: Terms;
  target: Target;
  /** See `RemediationRow`. */
  line: string;
  cause: Cause;
  now: Instant;
}

/** A remediation at its begin. It is due at once. */
export function opened(
  remediation_id: RemediationRow["remediation_id"],
  { policy, terms, target, line, cause, now }: Opening,
): RemediationRow {
  const { kind, id } = target;
  return {
    version: 0,
    remediation_id,
    policy,
    terms,
    cause,
    target,
    line,
    ...(kind === "agent" && isId("agent", id) ? { agent_id: id } : {}),
    ...(kind === "phase" ? { phase_id: id } : {}),
    status: "waiting",
    step: 0,
    steps: [],
    attempts: 0,
    opened_at: now,
    due_at: now,
  };
}
