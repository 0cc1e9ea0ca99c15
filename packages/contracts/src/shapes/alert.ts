import { once } from "@omoios/kernel/once";
import * as z from "zod";
import { paging, time } from "./common.ts";
import { jsonBytes } from "./size.ts";

/** From the mildest; an alert whose severity rises is told again at once. */
export const SEVERITIES = ["info", "warning", "error", "critical"] as const;
export const severity = z.enum(SEVERITIES);
export type Severity = z.infer<typeof severity>;

const ALERT_STATES = ["pending", "firing", "acknowledged", "resolved"] as const;
export const alertState = z.enum(ALERT_STATES);
export type AlertState = z.infer<typeof alertState>;

/** What an alert is about. With the rule's name they are its identity; severity is not among them. */
export const labels = z.record(z.string(), z.string());
export type Labels = z.infer<typeof labels>;

export const NOTIFICATION_STATUSES = ["firing", "resolved"] as const;

/**
 * What a receiver is told of a group of alerts: the body that Alertmanager's webhook, version 4, gives, so that whatever reads that
 * reads this. Names are its names.
 */
export const notification = once(() =>
  z.object({
    version: z.literal("4"),
    /** The group: its route and the values that it is grouped by. */
    groupKey: z.string(),
    /** Alerts that were left out because there were too many. */
    truncatedAlerts: z.int().min(0),
    /** `firing` as long as one of the alerts is. */
    status: z.enum(NOTIFICATION_STATUSES),
    receiver: z.string(),
    groupLabels: labels,
    commonLabels: labels,
    commonAnnotations: labels,
    externalURL: z.string(),
    alerts: z.array(
      z.object({
        status: z.enum(NOTIFICATION_STATUSES),
        labels,
        annotations: labels,
        startsAt: time,
        /** `0001-01-01T00:00:00Z` while it fires. */
        endsAt: time,
        generatorURL: z.string(),
        fingerprint: z.string(),
      }),
    ),
  }),
);
export type Notification = z.infer<ReturnType<typeof notification>>;

/** Times that come back each week, by the clock of a zone: `weekdays: ['monday:friday'], hours: ['18:00-24:00'], zone: Europe/Berlin`. */
export const weeklyTime = once(() =>
  z.strictObject({
    /** Days or ranges of days; all without. */
    weekdays: z.array(z.string()).min(1).optional(),
    /** `HH:MM-HH:MM`, the end excluded; the whole day without. */
    hours: z.array(z.string()).min(1).optional(),
    /** Of the IANA's database. */
    zone: z.string().default("UTC"),
  }),
);
export type WeeklyTime = z.infer<ReturnType<typeof weeklyTime>>;

const words = z.string().trim().min(1).max(1_000);

/** What keeps matching alerts from being told: until a time, or at times that come back. */
export const createSilence = once(() =>
  z.strictObject({
    /** `label="value"`, with `=`, `!=`, `=~` or `!~`; all must hold. */
    matchers: z.array(z.string().min(1).max(1_000)).min(1).max(20),
    /** Now, unless given. */
    starts_at: time.optional(),
    /** May be left out where it comes back. */
    ends_at: time.optional(),
    recurring: weeklyTime().optional(),
    comment: words,
  }),
);

const ACTIVE = ["pending", "firing", "acknowledged"] as const;

/** States are given with commas between them; active ones without. */
export const listAlerts = once(() =>
  z.strictObject({
    ...paging,
    state: z
      .string()
      .transform((text) => text.split(","))
      .pipe(z.array(alertState))
      .default([...ACTIVE]),
    severity: severity.optional(),
    alertname: z.string().min(1).max(200).optional(),
    /** One condition on the labels, such as `agent_id="a1"`. */
    matcher: z.string().min(1).max(1_000).optional(),
  }),
);

/** When it ends by now, and why: what is left out stays. Of one that comes back the end may be set where there was none. */
export const changeSilence = once(() =>
  z
    .strictObject({ ends_at: time.optional(), comment: words.optional() })
    .refine((given) => Object.keys(given).length > 0, "must have ends_at or comment"),
);

const note = z.string().trim().max(1_000).default("");
export const acknowledgeAlert = once(() => z.strictObject({ note }));
export const resolveAlert = once(() => z.strictObject({ note }));

/** Labels are an alert's identity and stand in whatever tells of it, so that they cannot be cut. */
const MOST_LABEL_BYTES = 8 * 1024;

/** What of the body of Alertmanager's webhook, version 4, is read; the rest is its own. */
export const alertmanagerBody = once(() =>
  z.looseObject({
    version: z.literal("4"),
    alerts: z
      .array(
        z.looseObject({
          status: z.enum(["firing", "resolved"]),
          labels: labels
            .refine((all) => jsonBytes(all) <= MOST_LABEL_BYTES, "must take at most 8 KB of JSON")
            .refine(({ alertname = "" }) => alertname !== "", "must have an alertname"),
          annotations: labels.default({}),
          endsAt: time.optional(),
        }),
      )
      .max(1_000),
  }),
);
export type AlertmanagerBody = z.infer<ReturnType<typeof alertmanagerBody>>;
