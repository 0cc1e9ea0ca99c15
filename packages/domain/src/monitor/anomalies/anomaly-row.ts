import type { Labels } from "@omoios/contracts/shapes/alert";
import type { AnomalyKind } from "@omoios/contracts/shapes/sample";
import type { Instant } from "@omoios/kernel/clock";
import type { MaybeExpiring, Versioned } from "../../versioned.ts";
import type { Anomaly } from "../anomaly.ts";

/** Something strange about a series, as it was found. */
export interface AnomalyRow extends Versioned, MaybeExpiring {
  anomaly_id: string;
  metric_name: string;
  labels: Labels;
  /** Whom it is about, where a label says so: the event takes them from here. */
  agent_id?: string | undefined;
  phase_id?: string | undefined;
  ticket_id?: string | undefined;
  /** What the detector calls it, or `threshold_breach` where the value has passed the bound of a rule. */
  kind: AnomalyKind;
  baseline: number;
  observed: number;
  deviation_percent?: number | undefined;
  p95: number;
  p95_deviation_percent?: number | undefined;
  score: number;
  severity: Anomaly["severity"];
  /** The trace of the sample, where it had one. */
  trace_id?: string | undefined;
  /** As the sample's call gave it: what is told of the anomaly belongs to it, its end too. */
  traceparent?: string | undefined;
  at: Instant;
  cleared_at?: Instant | undefined;
}
