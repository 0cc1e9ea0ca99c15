import type { Instant } from "@omoios/kernel/clock";
import { derivedId, type NotificationId } from "@omoios/kernel/ids";
import { digest } from "../digest.ts";
import type { MaybeExpiring, Versioned } from "../versioned.ts";
import type { Verdict } from "./delivery.ts";
import type { Member } from "./group.ts";
import type { Mailbox } from "./mailbox.ts";
import { bodyWith, lineOf, type Notice } from "./notice.ts";
import type { Receiver } from "./routing-config.ts";

/** A notification that was given up: the dead letter of its receiver. */
export interface UndeliveredRow extends Versioned, MaybeExpiring {
  /** Of the notification: it is given up once. */
  notification_id: NotificationId;
  receiver: string;
  status: "open" | "redriven";
  at: Instant;
  outcome: "refused" | "gave_up";
  /** What came of the last try. */
  detail: string;
  tries: number;
  /** When it was first to be sent. */
  since: Instant;
  notice: Notice;
  redriven_at?: Instant | undefined;
  redriven_by?: string | undefined;
  reason?: string | undefined;
  /** The notification that was sent in its place; none where nothing was left to say. */
  sent_as?: NotificationId | undefined;
}

/** What stays of a notification that is given up. */
export const undelivered = (
  { current, receiver, tries, since }: Mailbox,
  { why, detail }: Extract<Verdict, { do: "dead_letter" }>,
  at: Instant,
  ttl: number,
): UndeliveredRow => ({
  version: 0,
  notification_id: current.notification_id,
  receiver,
  status: "open",
  at,
  outcome: why,
  detail,
  tries,
  since,
  notice: current,
  ttl,
});

/**
 * What a receiver is told in place of a notification that was given up: all of the group that fires and that it is to know, and the ends of
 * those that the notification told of. `undefined` where nothing is left to say.
 * @param members all of the group, by now
 */
export function retold(
  { notification_id, notice }: Pick<UndeliveredRow, "notification_id" | "notice">,
  members: readonly Member[],
  { name, send_resolved }: Pick<Receiver, "name" | "send_resolved">,
  { at, external_url }: { at: Instant; external_url: string },
): Notice | undefined {
  const known = new Map(members.map((member) => [member.fingerprint, member]));
  const firing = members
    .filter(({ status, quiet, told }) => status === "firing" && quiet === undefined && told[name]?.status === "firing")
    .map((member) => lineOf(member, external_url));
  const ends = notice.notification.alerts.flatMap((line) => {
    const member = known.get(line.fingerprint);
    if (member === undefined) return line.status === "resolved" ? [line] : [];
    return member.status === "resolved" ? [lineOf(member, external_url)] : [];
  });
  const told = [...firing, ...(send_resolved ? ends : [])];
  if (told.length === 0) return undefined;
  return {
    ...notice,
    notification_id: derivedId("notification", digest("redriven", notification_id)),
    at,
    why: "redriven",
    notification: bodyWith({ ...notice.notification, truncatedAlerts: 0 }, told, []),
    // Later notifications may have told of them: their ends are owed.
    fresh: [],
  };
}
