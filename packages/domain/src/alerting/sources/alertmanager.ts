import { type AlertmanagerBody, SEVERITIES, type Severity } from "@omoios/contracts/shapes/alert";
import { fromRfc3339, type Instant } from "@omoios/kernel/clock";
import type { AlertSignal } from "../signal.ts";

/**
 * What an Alertmanager says. It says the same again as long as it holds, so that what counts is when it was said; an alert of which it says
 * no more ends at its `endsAt`, or after `resolve_timeout`.
 */
export function alertmanagerSignals(
  { alerts }: AlertmanagerBody,
  resolve_timeout_ms: number,
  now: Instant,
): AlertSignal[] {
  return alerts.map(({ status, labels: all, annotations, endsAt }) => {
    const { alertname = "", severity = "", ...rest } = all;
    const ends_at = fromRfc3339(endsAt ?? "");
    return {
      alertname,
      labels: rest,
      status,
      severity: isSeverity(severity) ? severity : "warning",
      annotations,
      at: now,
      routing: [],
      deduplication_window_ms: 0,
      // An alert without an end is given the year 1.
      ...(status === "firing"
        ? { ends_at: ends_at !== undefined && ends_at > now ? ends_at : now + resolve_timeout_ms }
        : {}),
    };
  });
}

const isSeverity = (word: string): word is Severity => (SEVERITIES as readonly string[]).includes(word);
