import type { Instant } from "@omoios/kernel/clock";
import type { MaybeDue, Versioned } from "../versioned.ts";
import { DELIVERY_TIMEOUT_MS, type Verdict } from "./delivery.ts";
import type { Notice } from "./notice.ts";
import type { Receiver } from "./routing-config.ts";
import { supersede } from "./supersede.ts";

/**
 * What one receiver has still to be told of one group. There is one for the two of them, and only while something waits: what comes
 * later takes the place of what was not delivered.
 */
export interface Mailbox {
  /** `<type>.<group>.<receiver>`. */
  delivery_id: string;
  receiver: string;
  current: Notice;
  /** What came while `current` was under way, of which nobody knows yet whether it has arrived. */
  next?: Notice | undefined;
  tries: number;
  /** When `current` was first to be sent. */
  since: Instant;
  /** Until when a try may be under way. */
  trying_until?: Instant | undefined;
}

export interface DeliveryRow extends Mailbox, Versioned, MaybeDue {}

/** How long after its begin a try counts as lost with whoever made it. */
export const LOST_AFTER_MS = 2 * DELIVERY_TIMEOUT_MS;

export const deliveryIdOf = ({ type, name }: Pick<Receiver, "type" | "name">, group_id: string): string =>
  `${type}.${group_id}.${name}`;

type Waiting = Mailbox & { due_at: Instant };

/** Puts a notice in; `undefined` where nothing is left to be said. */
export function posted(
  before: (Mailbox & MaybeDue) | undefined,
  { delivery_id, notice }: { delivery_id: string; notice: Notice },
  now: Instant,
): Waiting | undefined {
  if (before === undefined) return fresh(delivery_id, notice, now);
  const due_at = before.due_at ?? now;
  if (before.trying_until !== undefined) {
    const next = before.next === undefined ? notice : supersede(before.next, notice);
    return { ...before, next, due_at };
  }
  const current = supersede(before.current, notice);
  return current === undefined ? undefined : { ...before, current, since: now, due_at };
}

const fresh = (delivery_id: string, notice: Notice, now: Instant): Waiting => ({
  delivery_id,
  receiver: notice.receiver,
  current: notice,
  tries: 0,
  since: now,
  due_at: now,
});

/** Whether a try is due. */
export const isDue = ({ due_at }: MaybeDue, now: Instant): boolean => due_at !== undefined && due_at <= now;

/** A try begins; `undefined` where none is due. */
export function begun(box: Mailbox & MaybeDue, now: Instant): Waiting | undefined {
  if (!isDue(box, now)) return undefined;
  const trying_until = now + LOST_AFTER_MS;
  return { ...box, tries: box.tries + 1, trying_until, due_at: trying_until };
}

/** A try has ended; `undefined` where nothing waits any more. What came meanwhile is sent at once, or takes the place of what failed. */
export function judged(box: Mailbox, verdict: Verdict, now: Instant): Waiting | undefined {
  const { next, trying_until: _, ...rest } = box;
  if (verdict.do !== "retry") return next === undefined ? undefined : fresh(box.delivery_id, next, now);
  if (next === undefined) return { ...rest, due_at: verdict.at };
  const current = supersede(box.current, next);
  return current === undefined ? undefined : { ...rest, current, since: now, due_at: verdict.at };
}
