import { once } from "@omoios/kernel/once";
import * as z from "zod";
import { metrics } from "../metrics.ts";
import { severity } from "./alert.ts";
import { paging, time } from "./common.ts";

const sample = once(() =>
  z.strictObject({
    metric_name: z.string().min(1).max(100),
    value: z.number(),
    /** Those of the metric's row in the catalogue. An empty one is none. */
    labels: z.record(z.string(), z.string().max(200)).default({}),
    /** When it was measured; now unless given. */
    timestamp: time.optional(),
  }),
);
export type Sample = z.infer<ReturnType<typeof sample>>;

export const sendSamples = once(() => z.strictObject({ samples: z.array(sample()).min(1).max(500) }));

/** A parameter for each label that a metric has: what it is called by in a query. */
export const labelQuery = once(() =>
  Object.fromEntries(
    [...new Set(Object.values(metrics).flatMap((row): readonly string[] => row.labels))].map((name) => [
      name,
      z.string().max(200).optional(),
    ]),
  ),
);

export const ANOMALY_KINDS = ["spike", "drop", "trend", "threshold_breach", "pattern_change"] as const;
export type AnomalyKind = (typeof ANOMALY_KINDS)[number];

export const listAnomalies = once(() =>
  z.strictObject({
    ...labelQuery(),
    metric_name: z.string().min(1).max(100).optional(),
    kind: z.enum(ANOMALY_KINDS).optional(),
    severity: severity.optional(),
    /** Only those that are not over yet, or only those that are. */
    open: z.enum(["true", "false"]).optional(),
    ...paging,
  }),
);
