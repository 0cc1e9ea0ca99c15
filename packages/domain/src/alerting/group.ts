import type { Labels, Severity } from "@omoios/contracts/shapes/alert";
import type { Instant } from "@omoios/kernel/clock";
import type { AlertId } from "@omoios/kernel/ids";

/** Alerts that are told together: those of one route with the same values of the labels that it groups by. */
export interface Group {
  key: string;
  route_id: string;
  labels: Labels;
  /** When its present life began. A life ends when nothing fires any more and all of that is told. */
  started_at: Instant;
  open: boolean;
  /** Until when it waits for company before the first notification. */
  wait_until: Instant;
  /** By receiver: how many notifications of this life it got, and when the last one. */
  sent: Readonly<Record<string, { n: number; at: Instant }>>;
  /** When it must be looked at next. */
  due_at?: Instant | undefined;
}

/** An alert in a group: what a notification says of it, and what was said to whom. A row of its own, so that no group grows inside an item. */
export interface Member {
  group_key: string;
  fingerprint: string;
  alert_id: AlertId;
  labels: Labels;
  annotations: Readonly<Record<string, string>>;
  severity: Severity;
  status: "firing" | "resolved";
  starts_at: Instant;
  ends_at?: Instant | undefined;
  /** False where a rise of severity has led the alert elsewhere: this group tells of nothing but its end. */
  here: boolean;
  /** Receivers that the alert's rule adds. */
  extras: readonly string[];
  deduplication_window_ms: number;
  acknowledged: boolean;
  /** It was acknowledged when it was milder. */
  risen?: boolean | undefined;
  /** The acknowledgement lapsed, and the current step has not been sent again yet. */
  lapsed: boolean;
  told: Readonly<Record<string, Told>>;
  /** How far its escalation has come: steps sent, loops added up, and when the last. */
  steps?: { sent: number; at: Instant } | undefined;
  /** Why it is not told at present, as the log says it. */
  quiet?: string | undefined;
}

/** What a receiver knows of an alert. */
export interface Told {
  status: "firing" | "resolved";
  /** The worst that it was told of since the alert last began. */
  severity: Severity;
  /** When it was last told for the alert's own sake that it fires: a begin or a rise. The deduplication window counts from here. */
  fired_at: Instant;
}
