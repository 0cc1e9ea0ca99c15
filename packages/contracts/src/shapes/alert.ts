import * as z from "zod";
import { time } from "./common.ts";

/** From the mildest; an alert whose severity rises is told again at once. */
export const SEVERITIES = ["info", "warning", "error", "critical"] as const;
export const severity = z.enum(SEVERITIES);
export type Severity = z.infer<typeof severity>;

export const ALERT_STATES = ["pending", "firing", "acknowledged", "resolved"] as const;
export const alertState = z.enum(ALERT_STATES);
export type AlertState = z.infer<typeof alertState>;

/** What an alert is about. With the rule's name they are its identity; severity is not among them. */
export const labels = z.record(z.string(), z.string());
export type Labels = z.infer<typeof labels>;

export const NOTIFICATION_STATUSES = ["firing", "resolved"] as const;

/**
 * What a receiver is told of a group of alerts: the body that Alertmanager's webhook, version 4, gives, so that whatever reads that
 * reads this. Names are its names.
 */
export const notification = z.object({
  version: z.literal("4"),
  /** The group: its route and the values that it is grouped by. */
  groupKey: z.string(),
  /** Alerts that were left out because there were too many. */
  truncatedAlerts: z.int().min(0),
  /** `firing` as long as one of the alerts is. */
  status: z.enum(NOTIFICATION_STATUSES),
  receiver: z.string(),
  groupLabels: labels,
  commonLabels: labels,
  commonAnnotations: labels,
  externalURL: z.string(),
  alerts: z.array(
    z.object({
      status: z.enum(NOTIFICATION_STATUSES),
      labels,
      annotations: labels,
      startsAt: time,
      /** `0001-01-01T00:00:00Z` while it fires. */
      endsAt: time,
      generatorURL: z.string(),
      fingerprint: z.string(),
    }),
  ),
});
export type Notification = z.infer<typeof notification>;
