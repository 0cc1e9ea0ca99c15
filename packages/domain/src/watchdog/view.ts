import type { RouteReply } from "@omoios/contracts/routes";
import { durationMs } from "@omoios/contracts/shapes/duration";
import { type Instant, timeOrNull, toRfc3339 } from "@omoios/kernel/clock";
import type { Off } from "../switches/model.ts";
import { offView } from "../switches/service.ts";
import type { SweepBeats } from "./beats.ts";
import type { RemediationRow } from "./model.ts";
import { actionOf } from "./policy.ts";
import type { PolicyConfig } from "./policy-config.ts";

type PolicyView = RouteReply<"listWatchdogPolicies">["items"][number];
type RemediationView = RouteReply<"listWatchdogActions">["items"][number];
type BeatView = RouteReply<"getWatchdogStatus">["beats"][number];

/** A policy as the API shows it: as it is in force, with the variables over its file. */
export function policyView(config: PolicyConfig, off: Off | undefined): PolicyView {
  const { name, description, dry_run, triggers, actions, limits, escalation, authority } = config;
  return {
    name,
    description: description ?? null,
    enabled: config.enabled && off === undefined,
    switched_off: off === undefined ? null : offView(off),
    dry_run,
    triggers: triggers.map(({ alert, event, condition }) => ({
      alert: alert ?? null,
      event: event ?? null,
      condition: condition ?? null,
    })),
    actions: actions.map((action) => {
      const { type, verify_within_ms, workers, receivers, severity } = actionOf(action);
      return {
        type,
        verify_within_seconds: verify_within_ms === 0 ? null : verify_within_ms / 1000,
        workers: type === "scale_out" ? (workers ?? 1) : null,
        receivers: type === "notify" ? [...(receivers ?? [])] : null,
        severity: type === "notify" ? (severity ?? "warning") : null,
      };
    }),
    limits: {
      per_target: limits.per_target,
      per_fleet: limits.per_fleet,
      cooldown_seconds: durationMs(limits.cooldown) / 1000,
    },
    escalation: {
      to: escalation.to,
      after_attempts: escalation.after_attempts,
      within_seconds: durationMs(escalation.within) / 1000,
    },
    authority,
  };
}

/** A remediation as the API shows it. */
export function remediationView(row: RemediationRow): RemediationView {
  const { remediation_id, policy, target, status, outcome, why, alert_id, alertname, cause, attempts, terms } = row;
  return {
    remediation_id,
    policy,
    target,
    status,
    outcome: outcome ?? null,
    why: why ?? null,
    alert_id: alert_id ?? null,
    alertname: alertname ?? null,
    event_id: cause.event_id ?? null,
    correlation_id: cause.correlation_id,
    requested_by: cause.by,
    takes_up: row.takes_up ?? null,
    opened_at: toRfc3339(row.opened_at),
    started_at: timeOrNull(row.started_at),
    ended_at: timeOrNull(row.ended_at),
    due_at: timeOrNull(row.due_at),
    attempts,
    actions_left: status === "ended" ? [] : terms.actions.slice(row.step).map(({ type }) => type),
    steps: row.steps.map(({ action, outcome, why, started_at, ended_at }) => ({
      action,
      outcome,
      why,
      started_at: toRfc3339(started_at),
      ended_at: toRfc3339(ended_at),
    })),
  };
}

/** The beats of the sweep's parts as the API shows them, the oldest first. */
export function beatViews(beats: SweepBeats, now: Instant, late: readonly string[]): BeatView[] {
  return Object.entries(beats)
    .sort(([, a], [, b]) => a.at - b.at)
    .map(([part, { at, duration_ms, reached }]) => ({
      part,
      at: toRfc3339(at),
      age_seconds: Math.round((now - at) / 1000),
      duration_ms,
      reached,
      late: late.includes(part),
    }));
}
