import * as z from "zod";

/** SQS delays end here; what is due later waits for the sweep. */
export const MAX_DELAY_SECONDS = 900;

/** Kinds of rows that can be due. */
export const DUE_KINDS = [
  "task",
  "ticket",
  "agent",
  "batch",
  "message",
  "alert",
  "alert_group",
  "alert_delivery",
  "remediation",
  "intervention",
] as const;
export type DueKind = (typeof DUE_KINDS)[number];

/**
 * What can wake by a timer: a row, the judgement of heartbeats between two minutes, a ready task that nobody took, the look after the sweep, or a
 * receiver that a person has tested and waits for.
 */
const TIMER_KINDS = [...DUE_KINDS, "ladder", "offer", "beat", "receiver_test"] as const;

const DELIVERED: readonly string[] = ["alert_delivery", "receiver_test"] satisfies (typeof TIMER_KINDS)[number][];

/** What a message is part of, as an event would say it. */
const cause = z.object({ correlation_id: z.string(), traceparent: z.string().optional() });
export type Cause = z.infer<typeof cause>;

/** Every message that the plane sends itself, by its queue. A message holds ids and what it waits for, never state. */
export const jobs = {
  /** The row `id` is due. `due_at` is what it waited for: a row that is due at another time has moved on, and the message is over. */
  timers: z.object({ kind: z.enum(TIMER_KINDS), id: z.string(), due_at: z.int(), cause: cause.optional() }),
  /** A hint that a task is ready. */
  dispatch: z.object({ task_id: z.string(), version: z.int() }),
} as const;

/** What is due is done behind one of these: deliveries wait for nothing but each other. */
export const TIMER_QUEUES = ["timers", "deliver"] as const;
export type TimerQueue = (typeof TIMER_QUEUES)[number];

export const queueOf = ({ kind }: TimerMessage): TimerQueue => (DELIVERED.includes(kind) ? "deliver" : "timers");

export type TimerMessage = z.infer<typeof jobs.timers>;
export type DispatchMessage = z.infer<typeof jobs.dispatch>;
