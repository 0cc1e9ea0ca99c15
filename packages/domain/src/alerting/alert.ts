import type { AlertState, Labels, Severity } from "@omoios/contracts/shapes/alert";
import type { Instant } from "@omoios/kernel/clock";
import type { AlertId } from "@omoios/kernel/ids";
import type { Bringer } from "./bringer.ts";

/**
 * One identity and its newest occurrence. Opened again it takes a new `alert_id`, and what was before stands under the old one.
 * There is one for each identity, so that its version orders all that is said of it.
 */
export interface Alert {
  fingerprint: string;
  alert_id: AlertId;
  previous?: AlertId | undefined;
  alertname: string;
  /** With `alertname`, without severity. */
  labels: Labels;
  annotations: Readonly<Record<string, string>>;
  severity: Severity;
  /** The worst of this occurrence. It is what routes the alert: one that gets milder stays with those who were told. */
  worst: Severity;
  state: AlertState;
  pending_at?: Instant | undefined;
  fired_at?: Instant | undefined;
  resolved_at?: Instant | undefined;
  acknowledged?: Acknowledgement | undefined;
  resolution?: Resolution | undefined;
  /** The newest word of the source: what is older, or the same again, changes nothing. */
  heard: { at: Instant; status: "pending" | "firing" | "resolved" };
  /** When it ends unless the source says it again. */
  ends_at?: Instant | undefined;
  /** Of an event: once resolved by hand it stays so until the next. */
  once?: boolean | undefined;
  routing: readonly string[];
  /** The groups that it stands in, also those that it has left while it fires: they tell of its end. */
  groups: readonly string[];
  deduplication_window_ms: number;
  metric_name?: string | undefined;
  value?: number | undefined;
  threshold?: number | undefined;
  runbook_url?: string | undefined;
  /** Who brought it from outside; absent where the plane itself says it. */
  brought_by?: Bringer | undefined;
}

interface Acknowledgement {
  by: string;
  at: Instant;
  /** How severe it was at its worst by then. */
  severity?: Severity | undefined;
  /** When it lapses. */
  until: Instant;
  /** What was said with it. */
  note?: string | undefined;
}

/** Why it is over. */
export type Resolution =
  | { by: "source"; reason?: string | undefined }
  | { by: "timeout" }
  | { by: "hand"; principal: string; note: string };

/** Whether it ever began: of one that did not, only its end was heard, and nobody is shown it. */
export const hasBegun = ({ pending_at, fired_at }: Pick<Alert, "pending_at" | "fired_at">): boolean =>
  pending_at !== undefined || fired_at !== undefined;

/** Whether it is one that receivers may be told of. */
export const isFiring = ({ state }: Pick<Alert, "state">): boolean => state === "firing" || state === "acknowledged";
