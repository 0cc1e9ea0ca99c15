import * as z from "zod";
import { labels, severity } from "../shapes/alert.ts";
import { time } from "../shapes/common.ts";
import { ANOMALY_KINDS } from "../shapes/sample.ts";

export const samplesTaken = z.object({ accepted: z.int() });

/** The last sample of a series. */
export const seriesView = z.object({ metric_name: z.string(), labels, value: z.number(), timestamp: time });

export const pointView = z.object({ timestamp: time, value: z.number() });

/** Something strange about a series. */
export const anomalyView = z.object({
  anomaly_id: z.string(),
  metric_name: z.string(),
  labels,
  kind: z.enum(ANOMALY_KINDS),
  /** What was expected, and what came. */
  baseline: z.number(),
  observed: z.number(),
  /** How far off the baseline, in percent of it; null where that is 0. */
  deviation_percent: z.number().nullable(),
  /** The series' rolling 95th percentile before, and how far off that. */
  p95: z.number(),
  p95_deviation_percent: z.number().nullable(),
  severity,
  trace_id: z.string().nullable(),
  detected_at: time,
  cleared_at: time.nullable(),
});
