import * as z from "zod";
import { labels, SEVERITIES, severity } from "../shapes/alert.ts";
import { time } from "../shapes/common.ts";
import { ANOMALY_KINDS } from "../shapes/sample.ts";
import { alert } from "./alert.ts";

export const samplesTaken = z.object({ accepted: z.int() });

/** What the detector knows of a series. */
const learned = {
  /** It sees too few samples yet to call one strange: 200. */
  learning: z.boolean(),
  /** The rolling 95th percentile, by which the next sample is judged; null before the first one. */
  p95: z.number().nullable(),
};

/** The last sample of a series. */
export const seriesView = z.object({ metric_name: z.string(), labels, value: z.number(), timestamp: time, ...learned });

/** A page of a series' samples. */
export const historyView = z.object({
  items: z.array(z.object({ timestamp: time, value: z.number() })),
  next_cursor: z.string().nullable(),
  ...learned,
});

/** Something strange about a series. */
export const anomalyView = z.object({
  anomaly_id: z.string(),
  metric_name: z.string(),
  labels,
  kind: z.enum(ANOMALY_KINDS),
  /** What was expected, and what came; with `threshold_breach` the rule's bound, and the value that passed it. */
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

const level = z.object({
  /** Null when there was nothing to be good. */
  ratio: z.number().nullable(),
  target: z.number(),
  met: z.boolean(),
});
/** Of the hour of the clock that runs, and of it and the 23 before. */
const levels = z.object({ hour: level, day: level });
const counted = z.int().min(0);

export const dashboard = z.object({
  totals: z.object({
    queued: counted,
    running: counted,
    stuck: counted,
    completed: counted,
    failed: counted,
    dead_lettered: counted,
    tickets_blocked: counted,
  }),
  /** As the last sweep saw them. A stale one is silent, or DEGRADED. */
  agents: z.object({ active: counted, stale: counted, failed: counted }),
  /** Leases of tasks. */
  locks: z.object({ active: counted }),
  service_levels: z.object({ agent_availability_ratio: levels, task_success_ratio: levels }),
  anomalies: z.array(anomalyView),
  alerts: z.object({ active: z.record(z.enum(SEVERITIES), counted), critical: z.array(alert) }),
});
