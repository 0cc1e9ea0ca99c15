import { labels, SEVERITIES, type Severity } from "@omoios/contracts/shapes/alert";
import { time } from "@omoios/contracts/shapes/common";
import { fromRfc3339, type Instant } from "@omoios/kernel/clock";
import * as z from "zod";
import type { AlertSignal } from "../signal.ts";

/** What of the body of Alertmanager's webhook, version 4, is read; the rest is its own. */
export const alertmanagerBody = z.looseObject({
  version: z.literal("4"),
  alerts: z
    .array(
      z.looseObject({
        status: z.enum(["firing", "resolved"]),
        labels: labels.refine(({ alertname = "" }) => alertname !== "", "must have an alertname"),
        annotations: labels.default({}),
        endsAt: time.optional(),
      }),
    )
    .max(1_000),
});
export type AlertmanagerBody = z.infer<typeof alertmanagerBody>;

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
