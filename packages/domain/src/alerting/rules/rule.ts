import type { Labels, Severity } from "@omoios/contracts/shapes/alert";
import type { NoData } from "@omoios/contracts/shapes/alert-rule";
import type { Bringer } from "../bringer.ts";
import type { Condition } from "./condition.ts";

/** A rule that was judged whole, as it is evaluated. */
export interface Rule {
  name: string;
  metric: string;
  /** Whether it judges the increase over five minutes instead of the value. */
  counter: boolean;
  condition: Condition;
  resolve_condition: Condition | undefined;
  severity: Severity;
  routing: readonly string[];
  deduplication_window_ms: number;
  for_ms: number;
  keep_firing_for_ms: number;
  datapoints: { breaching: number; of: number } | undefined;
  no_data: NoData;
  enabled: boolean;
  runbook_url: string | undefined;
  /** Templates. */
  labels: Labels;
  annotations: Labels;
  /** Who made it by the API; absent where it stands in a file. */
  brought_by?: Bringer | undefined;
}
