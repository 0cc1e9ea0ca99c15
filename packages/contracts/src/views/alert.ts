import * as z from "zod";
import { authority } from "../shapes/access.ts";
import { alertState, labels, severity, weeklyTime } from "../shapes/alert.ts";
import { idOf, time } from "../shapes/common.ts";

export const silence = z.object({
  silence_id: idOf("silence"),
  state: z.enum(["pending", "active", "expired"]),
  matchers: z.array(z.string()),
  starts_at: time,
  ends_at: time.nullable(),
  recurring: weeklyTime().nullable(),
  author: z.string(),
  comment: z.string(),
});

/** One occurrence of an alert. */
export const alert = z.object({
  alert_id: idOf("alert"),
  /** The occurrence before it. */
  previous: idOf("alert").nullable(),
  alertname: z.string(),
  /** Of the identity: the same for every occurrence. */
  fingerprint: z.string(),
  state: alertState,
  severity,
  labels,
  annotations: labels,
  metric_name: z.string().nullable(),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  runbook_url: z.string().nullable(),
  /** The principal that brought it from outside, in whose name policies act on it; null where the plane itself says it. */
  brought_by: z.object({ id: z.string(), authority }).nullable(),
  pending_at: time.nullable(),
  fired_at: time.nullable(),
  resolved_at: time.nullable(),
  acknowledged_by: z.string().nullable(),
  acknowledged_until: time.nullable(),
  acknowledgement_note: z.string().nullable(),
  /** A principal, `source` or `timeout`. */
  resolved_by: z.string().nullable(),
  resolution_note: z.string().nullable(),
});

/** With its newest decisions, oldest first; `log_next_cursor` leads to those before, and is null where there are none. */
export const alertDetails = alert.extend({
  log_next_cursor: z.string().nullable(),
  log: z.array(z.object({ at: time, decision: z.string(), why: z.string() })),
});

/** A notification that an alert was sent in. */
export const alertDelivery = z.object({
  notification_id: idOf("notification"),
  /** To whom, and for what reason. */
  why: z.string(),
  tries: z.array(
    z.object({
      receiver: z.string(),
      at: time,
      attempt: z.int(),
      /** `refused` and `gave_up` are dead letters; `superseded` was not tried any more, as something else is to be said by now, or nothing. */
      outcome: z.enum(["delivered", "retried", "refused", "gave_up", "superseded"]),
      detail: z.string(),
      next_at: time.nullable(),
    }),
  ),
});
