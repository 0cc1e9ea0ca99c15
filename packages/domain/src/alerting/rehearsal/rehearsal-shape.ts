import { labels, NOTIFICATION_STATUSES, weeklyTime } from "@omoios/contracts/shapes/alert";
import { time } from "@omoios/contracts/shapes/common";
import { duration } from "@omoios/contracts/shapes/duration";
import * as z from "zod";

const name = z.string().min(1);
/** From the start, or a time of its own. */
const moment = z.union([duration, time]);

const act = z.discriminatedUnion("do", [
  z.strictObject({ at: duration, do: z.enum(["acknowledge", "resolve"]), alert: name, labels: labels.optional() }),
  z.strictObject({ at: duration, do: z.literal("pause_sweep"), for: duration }),
]);

const expectedNotification = z.strictObject({
  receiver: name,
  status: z.enum(NOTIFICATION_STATUSES),
  between: z.tuple([duration, duration]).optional(),
  /** The name of an alert that it tells of. */
  alert: name.optional(),
  /** Labels of an alert that it tells of. */
  labels: labels.optional(),
});

/** The file of `omoi rules test`. Spans count from the start. */
export const rehearsalFile = z.strictObject({
  rules: z.array(z.unknown()).min(1),
  /** As `config/alert_routing.yaml`, which stands in for it. */
  routing: z.unknown().optional(),
  start: time,
  until: duration,
  evaluation_interval: duration.default("1m"),
  silences: z
    .array(
      z.strictObject({
        matchers: z.array(z.string()).min(1),
        starts_at: moment.default("0s"),
        ends_at: moment.optional(),
        recurring: weeklyTime().optional(),
        comment: z.string().default(""),
      }),
    )
    .default([]),
  series: z.array(
    z.strictObject({
      metric_name: name,
      labels: labels.default({}),
      /** A value each so often, from one moment to another, both included. Where two say something of one moment, the later entry counts. */
      samples: z.array(
        z.strictObject({
          from: duration.default("0s"),
          to: duration.optional(),
          every: duration.default("1m"),
          value: z.number().nullable(),
        }),
      ),
    }),
  ),
  acts: z.array(act).default([]),
  expect: z.strictObject({
    notifications: z.array(expectedNotification).default([]),
    nothing_else: z.boolean().default(false),
  }),
});
export type RehearsalFile = z.infer<typeof rehearsalFile>;
export type ExpectedNotification = z.infer<typeof expectedNotification>;
