import * as z from "zod";
import { labels, NOTIFICATION_STATUSES } from "../shapes/alert.ts";
import { idOf, time } from "../shapes/common.ts";
import { receiverType } from "../shapes/receiver.ts";

/** What came of the last test of a receiver. */
export const receiverTest = z.object({
  receiver: z.string(),
  notification_id: idOf("notification"),
  asked_at: time,
  asked_by: z.string(),
  tried_at: time.nullable(),
  /** `refused`: the plane does not send there, or the receiver's answer is final; `failed`: it would be tried again; null until it is tried. */
  outcome: z.enum(["delivered", "refused", "failed"]).nullable(),
  /** What the receiver answered, or why nothing was sent. */
  detail: z.string().nullable(),
});

/** A receiver of the configuration, and how it does. Its addresses and secrets are not told. */
export const receiver = z.object({
  name: z.string(),
  type: receiverType,
  send_resolved: z.boolean(),
  /** Groups of which it has still to be told something: counted up to 100, with the first moment of them, and the next try. */
  waiting: z.object({ groups: z.int().max(100), since: time.nullable(), next_try_at: time.nullable() }),
  /** Tries that it did not answer, or answered with a fault of its own. */
  failures_in_a_row: z.int(),
  last_success_at: time.nullable(),
  last_failure: z.object({ at: time, detail: z.string() }).nullable(),
  /** Open ones, counted up to 100. */
  dead_letters: z.int().max(100),
  last_test: receiverTest.nullable(),
});

/** A notification that was given up. */
export const notificationDeadLetter = z.object({
  id: idOf("notification"),
  receiver: z.string(),
  status: z.enum(["open", "redriven"]),
  /** `refused`: at once, as no other try could go better; `gave_up`: after a day. */
  outcome: z.enum(["refused", "gave_up"]),
  /** What came of the last try. */
  detail: z.string(),
  tries: z.int(),
  /** When it was first to be sent. */
  since: time,
  at: time,
  group_key: z.string(),
  /** What it says: as long as an alert fires, `firing`. */
  says: z.enum(NOTIFICATION_STATUSES),
  /** The first ten of its alerts; `alert_count` is how many there are. */
  alerts: z.array(z.object({ alert_id: z.string(), status: z.enum(NOTIFICATION_STATUSES), labels })),
  alert_count: z.int(),
  redriven_at: time.nullable(),
  redriven_by: z.string().nullable(),
  reason: z.string().nullable(),
  /** The notification that was sent in its place; null where nothing was left to say. */
  sent_as: idOf("notification").nullable(),
});

/** A route of the tree with what it inherits. The order of the list is the order in which they are tried. */
export const alertRoute = z.object({
  id: z.string(),
  /** Null of the first one, which takes what no other takes. */
  parent: z.string().nullable(),
  matchers: z.array(z.string()),
  /** Whether the routes after it are tried too. */
  continue: z.boolean(),
  receiver: z.string(),
  /** Who is told in place of the receiver, one after the other; seconds count from the first notification. */
  escalation: z
    .object({ steps: z.array(z.object({ after_seconds: z.number(), receiver: z.string() })), loops: z.int() })
    .nullable(),
  /** Null: each alert by itself. */
  group_by: z.array(z.string()).nullable(),
  group_wait_seconds: z.number(),
  group_interval_seconds: z.number(),
  repeat_interval_seconds: z.number(),
  /** How many mute times it has. */
  mute_times: z.int(),
});

/** The routing in force, and what an alert with the labels that were asked for would take of it. */
export const alertRouting = z.object({
  routes: z.array(alertRoute),
  receivers: z.array(z.string()),
  taken: z
    .array(
      z.object({
        route: z.string(),
        /** Who is told first, with those whom the alert's rule adds; later steps of an escalation stand in the route. */
        receivers: z.array(z.string()),
        group_labels: labels,
      }),
    )
    .nullable(),
});
