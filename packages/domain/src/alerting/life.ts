import { type Instant, toRfc3339 } from "@omoios/kernel/clock";
import { derivedId } from "@omoios/kernel/ids";
import { digest } from "../digest.ts";
import { type Alert, hasBegun, type Resolution } from "./alert.ts";
import { fittingAnnotations } from "./annotations.ts";
import { identityLabels, printOf } from "./identity.ts";
import type { LogEntry } from "./log.ts";
import { rankOf } from "./routing.ts";
import type { AlertSignal } from "./signal.ts";

/** An alert after a step, and what is to be written into its log. */
export interface Step {
  alert: Alert;
  entries: readonly LogEntry[];
}

/**
 * What a source said, applied to what is known. `undefined` where it changes nothing: it came twice, late, or says what is known.
 * The end of an alert that nobody knows is kept without being an alert to anybody, so that a late word of its begin does not open it.
 */
export function hear(alert: Alert | undefined, signal: AlertSignal): Step | undefined {
  const heard = { at: signal.at, status: signal.status };
  if (alert === undefined) return opened(undefined, signal);
  if (!isNewer(heard, alert.heard)) return undefined;
  if (signal.status === "resolved") {
    if (isOfAnother(alert, signal)) return undefined;
    if (alert.state === "resolved") return { alert: { ...alert, heard }, entries: [] };
    return ended({ ...alert, heard }, { by: "source", ...optional({ reason: signal.reason }) }, signal.at);
  }
  if (alert.state === "resolved") return isPast(alert, signal.at) ? undefined : opened(alert, signal);
  // A condition that pends again without having ended tells nothing new.
  if (signal.status === "pending") return undefined;
  return updated(alert, signal);
}

/** The first of an alert's words that changes something, and the words behind it. */
export function hearFirst(
  alert: Alert | undefined,
  words: readonly AlertSignal[],
): { step: Step | undefined; left: readonly AlertSignal[] } {
  for (const [n, word] of words.entries()) {
    const step = hear(alert, word);
    if (step !== undefined) return { step, left: words.slice(n + 1) };
  }
  return { step: undefined, left: [] };
}

const ORDER = { pending: 0, firing: 1, resolved: 2 } as const;

/** Of two words of one moment the later state counts, whichever comes first. */
const isNewer = (word: Alert["heard"], known: Alert["heard"]) =>
  word.at > known.at || (word.at === known.at && ORDER[word.status] > ORDER[known.status]);

/** A rule that was put on another metric ends what it said of the one before: no word about what it says by now. */
const isOfAnother = ({ metric_name }: Alert, signal: AlertSignal) =>
  metric_name !== undefined && signal.metric_name !== undefined && signal.metric_name !== metric_name;

/** What was seen before a person resolved it does not speak against that. */
const isPast = ({ resolution, resolved_at = 0 }: Alert, at: Instant) => resolution?.by === "hand" && at <= resolved_at;

function opened(previous: Alert | undefined, signal: AlertSignal): Step {
  const { alertname, status, at, severity } = signal;
  const labels = identityLabels(signal);
  const print = printOf(signal);
  const alert: Alert = {
    fingerprint: print,
    alert_id: derivedId("alert", digest("alert", print, at)),
    ...(previous === undefined || !hasBegun(previous) ? {} : { previous: previous.alert_id }),
    alertname,
    labels,
    worst: severity,
    state: status,
    ...(status === "pending" ? { pending_at: at } : status === "firing" ? { fired_at: at } : { resolved_at: at }),
    groups: [],
    ...saidBy(signal),
  };
  return { alert, entries: status === "resolved" ? [] : [entry(alert, at, status, since(status, signal))] };
}

function updated(alert: Alert, signal: AlertSignal): Step {
  const { severity, at } = signal;
  const fires = alert.state === "pending";
  const next: Alert = {
    ...alert,
    ...saidBy(signal),
    ...(fires ? { state: "firing", fired_at: at } : {}),
    worst: rankOf(severity) > rankOf(alert.worst) ? severity : alert.worst,
  };
  const changed = entry(next, at, "severity_changed", `from ${alert.severity} to ${severity}`);
  return {
    alert: next,
    entries: [
      ...(fires ? [entry(next, at, "firing", since("firing", signal))] : []),
      ...(severity === alert.severity ? [] : [changed]),
    ],
  };
}

/** What an alert takes over from the newest word of its source. */
function saidBy(signal: AlertSignal) {
  const { severity, annotations, routing, deduplication_window_ms, at, status } = signal;
  const { metric_name, value, threshold, runbook_url, ends_at, once, brought_by } = signal;
  return {
    severity,
    annotations: fittingAnnotations(annotations),
    routing,
    deduplication_window_ms,
    heard: { at, status },
    ...optional({ metric_name, value, threshold, runbook_url, ends_at, once, brought_by }),
  };
}

const since = (status: string, { at, value }: AlertSignal) =>
  `${status} since ${toRfc3339(at)}${value === undefined ? "" : ` at ${value}`}`;

/** The alert is over. Whoever was told of it is told of that. */
export function ended(alert: Alert, resolution: Resolution, at: Instant): Step {
  const { acknowledged: _, ...rest } = alert;
  const next: Alert = { ...rest, state: "resolved", resolved_at: at, resolution };
  return { alert: next, entries: [entry(next, at, "resolved", words(resolution))] };
}

function words(resolution: Resolution): string {
  switch (resolution.by) {
    case "source":
      return resolution.reason ?? "the condition is over";
    case "timeout":
      return "its source said no more of it";
    case "hand":
      return `by ${resolution.principal}: ${resolution.note}`;
  }
}

const entry = (alert: Alert, at: Instant, decision: LogEntry["decision"], why: string): LogEntry => ({
  alert_id: alert.alert_id,
  at,
  decision,
  why,
});

/** Without what is not there: a row has no attribute that says nothing. */
function optional<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Opens it again where a person resolved it while its condition goes on. */
export function reopened(alert: Alert, now: Instant): Step {
  const { resolved_at: _, resolution: __, pending_at: ___, ...rest } = alert;
  const next: Alert = {
    ...rest,
    alert_id: derivedId("alert", digest("alert", alert.fingerprint, now)),
    previous: alert.alert_id,
    state: "firing",
    worst: alert.severity,
    fired_at: now,
    groups: [],
  };
  const why = `resolved by hand as ${alert.alert_id}, and the condition holds still`;
  return { alert: next, entries: [entry(next, now, "reopened", why)] };
}
