import type { Instant } from "@omoios/kernel/clock";
import type { AlertId, NotificationId } from "@omoios/kernel/ids";

/** Every decision that is made about an alert. */
export type Decision =
  | "pending"
  | "firing"
  | "reopened"
  | "severity_changed"
  | "acknowledged"
  | "acknowledgement_lapsed"
  | "resolved"
  | "matched"
  | "grouped"
  | "silenced"
  | "inhibited"
  | "muted"
  | "unmuted"
  | "deduplicated"
  | "escalated"
  /** A notification waits to be delivered; `sent` once the receiver has taken it. */
  | "queued"
  | "sent";

/** Until when a line of the log is kept, in seconds since the epoch. */
export const ttlOf = (now: Instant, days: number): number => Math.ceil(now / 1000) + days * 86_400;

/** One line of an alert's decision log: what was decided, and why, in words. */
export interface LogEntry {
  alert_id: AlertId;
  at: Instant;
  decision: Decision;
  why: string;
  /** The notification that it is to be told in: only with `queued`. */
  notification_id?: NotificationId | undefined;
}
