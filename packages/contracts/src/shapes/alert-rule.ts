import { once } from "@omoios/kernel/once";
import * as z from "zod";
import { labels, severity } from "./alert.ts";
import { time } from "./common.ts";
import { duration } from "./duration.ts";

const text = z.string().min(1).max(1_000);
const MOST_TEMPLATES = 20;
const templates = z
  .record(z.string().max(200), z.string("must be a text").max(1_000))
  .refine((all) => Object.keys(all).length <= MOST_TEMPLATES, `must be at most ${MOST_TEMPLATES}`);

/** Said beside the faults of other members, and not only after them. */
const isMap = ({ value }: { value: unknown }): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What becomes of a label set that gives no sample: it stays as it is, it counts as good, it counts as a breach. */
export const NO_DATA = ["keep", "ok", "alert"] as const;
export type NoData = (typeof NO_DATA)[number];

/**
 * An alert rule as a file or a caller writes it. Metric, conditions, receivers and templates are judged beyond their shape by
 * `checkRule` of the domain, since that takes the tables of metrics and receivers.
 */
export const alertRule = once(() =>
  z
    .strictObject({
      name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.:-]{0,99}$/, "must be 1 to 100 of letters, digits and _ . : -"),
      metric: text.optional(),
      /** Another name of `metric`, the one that samples use. */
      metric_name: text.optional(),
      condition: text,
      severity,
      /** Receivers beside those of the routing tree. */
      routing: z.array(text).max(20).default([]),
      deduplication_window: duration.default("0s"),
      /** How long the condition must be seen to hold; inclusive. */
      for: duration.default("0s"),
      /** How long the alert goes on after the first good reading. */
      keep_firing_for: duration.default("0s"),
      /** What must hold for a reading to be good once the alert fires; without it, that the condition does not. */
      resolve_condition: text.optional(),
      /** So many of the last so many minutes must breach. */
      datapoints: z
        .strictObject({ breaching: z.int().min(1).max(60), of: z.int().min(1).max(60) })
        .refine(({ breaching, of }) => breaching <= of, { path: ["breaching"], message: "must not be more than `of`" })
        .optional(),
      no_data: z.enum(NO_DATA).default("keep"),
      enabled: z.boolean().default(true),
      runbook_url: z.url({ protocol: /^https?$/, error: "must be a URL that begins with http" }).optional(),
      /** Labels of the alert beside the sample's: templates with `{{labels.name}}`. */
      labels: templates.default({}),
      /** Words for people: templates with `{{value}}` and `{{labels.name}}`. */
      annotations: templates.default({}),
    })
    .refine(({ metric, metric_name }) => metric !== undefined || metric_name !== undefined, {
      path: ["metric"],
      message: "is missing: must be the name of a metric",
      when: isMap,
    })
    .refine(({ metric, metric_name }) => metric === undefined || metric_name === undefined, {
      path: ["metric_name"],
      message: "is another name of `metric`: leave one out",
      when: isMap,
    }),
);
export type AlertRule = z.infer<ReturnType<typeof alertRule>>;

export const RULE_STATES = ["inactive", "pending", "firing"] as const;
export type RulePhase = (typeof RULE_STATES)[number];

/** Values of one label set, so far apart, from the start of the test. `null` is an evaluation without a sample. */
const testSeries = once(() =>
  z.strictObject({
    metric_name: text,
    labels: labels.default({}),
    values: z.array(z.number().nullable()).min(1).max(10_000),
    interval: duration.default("1m"),
  }),
);

/** A rule and what its metric shows; nothing of it is stored. */
export const testAlertRule = once(() =>
  z.strictObject({
    rule: alertRule(),
    start: time,
    evaluation_interval: duration.default("1m"),
    series: z.array(testSeries()).min(1).max(100),
  }),
);
export type TestAlertRule = z.infer<ReturnType<typeof testAlertRule>>;

/** A rule and a span of the stored history; of the last hour unless `from` is given. */
export const backtestAlertRule = once(() =>
  z.strictObject({
    rule: alertRule(),
    from: time.optional(),
    to: time.optional(),
    /** Only series with these labels among theirs. */
    labels: labels.default({}),
  }),
);
