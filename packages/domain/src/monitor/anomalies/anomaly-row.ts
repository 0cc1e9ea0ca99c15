import type { Labels } from "@omoios/contracts/shapes/alert";
import type { Instant } from "@omoios/kernel/clock";
import { shortDigest } from "../../digest.ts";
import type { MaybeExpiring, Versioned } from "../../versioned.ts";
import type { Reading } from "../detector.ts";

type Found = NonNullable<Reading["anomaly"]>;

/** Something strange about a series, as it was found. */
export interface AnomalyRow extends Versioned, MaybeExpiring {
  anomaly_id: string;
  metric_name: string;
  labels: Labels;
  /** Whom it is about, where a label says so: the event takes them from here. */
  agent_id?: string | undefined;
  phase_id?: string | undefined;
  ticket_id?: string | undefined;
  kind: Found["kind"];
  baseline: number;
  observed: number;
  deviation_percent?: number | undefined;
  p95: number;
  p95_deviation_percent?: number | undefined;
  score: number;
  severity: Found["severity"];
  /** The trace of the sample, where it had one. */
  trace_id?: string | undefined;
  at: Instant;
  cleared_at?: Instant | undefined;
}

/** An anomaly's id follows from its series and moment: however often it is found, it is one. */
export const anomalyIdOf = (series_id: string, at: Instant): string => `anomaly_${shortDigest(series_id, at)}`;
