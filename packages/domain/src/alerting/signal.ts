import type { Labels, Severity } from "@omoios/contracts/shapes/alert";
import type { Instant } from "@omoios/kernel/clock";
import type { Bringer } from "./bringer.ts";

/**
 * What a source says of one alert at a moment: a rule that began or ended to fire, an event, CloudWatch, an Alertmanager. Everything
 * behind it (deduplication, grouping, routing, escalation) knows only this.
 */
export interface AlertSignal {
  alertname: string;
  /** The sample's and the rule's, without `alertname`. Together with it they are the alert's identity. */
  labels: Labels;
  /** `pending`: it would fire, had it lasted as long as its rule demands. Nobody is told of it. */
  status: "pending" | "firing" | "resolved";
  severity: Severity;
  annotations: Readonly<Record<string, string>>;
  at: Instant;
  /** Receivers that the source adds to what the routing tree gives. */
  routing: readonly string[];
  deduplication_window_ms: number;
  /** What it was judged by, where there is such a value. */
  value?: number | undefined;
  metric_name?: string | undefined;
  /** The bound that the value was compared with. */
  threshold?: number | undefined;
  /** Why it is resolved, where its condition did not clear: the rule is gone. */
  reason?: string | undefined;
  runbook_url?: string | undefined;
  /** When it ends unless it is said again before. */
  ends_at?: Instant | undefined;
  /** It tells of an event and not of a condition that holds: resolved by hand, it stays so until the next one. */
  once?: boolean | undefined;
  /** Who brought it from outside. */
  brought_by?: Bringer | undefined;
}
