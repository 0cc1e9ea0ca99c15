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

/** One line of an alert's decision log: what was decided, and why, in words. */
export interface LogEntry {
  alert_id: AlertId;
  at: Instant;
  decision: Decision;
  why: string;
  /** The notification that it is to be told in: only with `queued`. */
  notification_id?: NotificationId | undefined;
}
