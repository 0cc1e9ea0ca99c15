import type { Instant } from "@omoios/kernel/clock";
import { expiryInDays } from "../expiry.ts";
import type { Mailbox } from "./mailbox.ts";
import type { Notice } from "./notice.ts";
import type { AlertParts } from "./parts.ts";

/** A step of a mailbox: what waited for the receiver before it, or came with it, and what waits after it. */
export interface MailStep {
  waited: readonly (Notice | undefined)[];
  left: Mailbox | undefined;
  /** Tries made by then. */
  tries: number;
}

/** Ends the delivery log of each notification that will not be sent any more, as another one is or as nothing is left to say. */
export async function noteDropped(
  { log, limits }: AlertParts,
  now: Instant,
  { waited, left, tries }: MailStep,
): Promise<void> {
  const kept = new Set([left?.current.notification_id, left?.next?.notification_id]);
  // What is under way cannot be changed any more, and what waits behind it can.
  const instead = left?.trying_until === undefined ? left?.current : left.next;
  const detail =
    instead === undefined
      ? "nothing is left to say: what it tells of was over before it could be delivered"
      : `things have changed: ${instead.notification_id} is sent in its place`;
  for (const notice of waited) {
    if (notice === undefined || kept.has(notice.notification_id)) continue;
    const { notification_id, receiver } = notice;
    await log.writeTry(
      { notification_id, receiver, at: now, attempt: tries + 1, outcome: "superseded", detail },
      expiryInDays(now, limits.retention_days.alerts),
    );
  }
}
