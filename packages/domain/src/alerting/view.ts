import type { RouteReply } from "@omoios/contracts/routes";
import { timeOrNull, toRfc3339 } from "@omoios/kernel/clock";
import type { Alert } from "./alert.ts";
import type { LogEntry } from "./log.ts";
import type { Try } from "./parts.ts";
import type { SilenceRow } from "./rows.ts";
import { isWithin } from "./weekly-time.ts";

type AlertView = RouteReply<"listAlerts">["items"][number];
type SilenceView = RouteReply<"createSilence">;

/** An alert as the API shows it. */
export function alertView(alert: Alert): AlertView {
  const { alert_id, previous, alertname, fingerprint, state, severity, labels, annotations } = alert;
  const { metric_name, value, threshold, runbook_url, acknowledged, resolution, brought_by } = alert;
  return {
    alert_id,
    previous: previous ?? null,
    alertname,
    fingerprint,
    state,
    severity,
    labels,
    annotations,
    metric_name: metric_name ?? null,
    value: value ?? null,
    threshold: threshold ?? null,
    runbook_url: runbook_url ?? null,
    brought_by: brought_by ?? null,
    pending_at: timeOrNull(alert.pending_at),
    fired_at: timeOrNull(alert.fired_at),
    resolved_at: timeOrNull(alert.resolved_at),
    acknowledged_by: acknowledged?.by ?? null,
    acknowledged_until: timeOrNull(acknowledged?.until),
    acknowledgement_note: acknowledged?.note ?? null,
    resolved_by: resolution === undefined ? null : resolution.by === "hand" ? resolution.principal : resolution.by,
    resolution_note: noteOf(alert),
  };
}

function noteOf({ resolution }: Alert): string | null {
  if (resolution?.by === "hand") return resolution.note === "" ? null : resolution.note;
  return resolution?.by === "source" ? (resolution.reason ?? null) : null;
}

/** One decision, as the API shows it. */
export const logView = ({ at, decision, why }: LogEntry) => ({ at: toRfc3339(at), decision, why });

/** One try to deliver, as the API shows it. */
export const tryView = ({ at, attempt, outcome, detail, next_at }: Try) => ({
  at: toRfc3339(at),
  attempt,
  outcome,
  detail,
  next_at: timeOrNull(next_at),
});

/** A silence as the API shows it. One that comes back is pending between its times. */
export function silenceView(row: SilenceRow, now: number): SilenceView {
  const { silence_id, matchers, starts_at, ends_at, recurring, author, comment } = row;
  const holds = starts_at <= now && (recurring === undefined || isWithin([recurring], now));
  const state = ends_at !== undefined && ends_at <= now ? "expired" : holds ? "active" : "pending";
  return {
    silence_id,
    state,
    matchers,
    starts_at: toRfc3339(starts_at),
    ends_at: timeOrNull(ends_at),
    recurring: recurring ?? null,
    author,
    comment,
  };
}
