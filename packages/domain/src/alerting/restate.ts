import { derivedId } from "@omoios/kernel/ids";
import { digest } from "../digest.ts";
import type { Member } from "./group.ts";
import { bodyWith, lineOf, linkTo, type Notice } from "./notice.ts";
import type { Receiver } from "./routing-config.ts";

/** Alerts that are set right at a time: their members are written in one transaction with what waits. */
const MOST_ENDS = 90;

export interface Restated {
  /** `undefined` where nothing is left to say. */
  notice: Notice | undefined;
  /** Members of which the receiver knows, or will know, something else than they say. */
  members: readonly Member[];
}

/**
 * What a notification that waits says of how things stand by now; `undefined` where it says so already. What is over, and was never told
 * to the receiver, is left out, and its end need not be told either; of what the receiver knew the end is told with it.
 * @param members of what it says to be firing; one that is no more is over
 */
export function restate(
  notice: Notice,
  members: readonly Member[],
  { name, send_resolved }: Pick<Receiver, "name" | "send_resolved">,
): Restated | undefined {
  const { notification, fresh } = notice;
  const now = new Map(members.map((member) => [member.fingerprint, member]));
  const unheard = new Set(fresh);
  const over = new Map<string, Member | undefined>();
  const alerts = notification.alerts.flatMap((line) => {
    if (line.status === "resolved") return [line];
    const member = now.get(line.fingerprint);
    if (member?.status === "firing") {
      const began_again = line.generatorURL !== linkTo(member, notification.externalURL);
      return [began_again ? lineOf(member, notification.externalURL) : line];
    }
    if (over.size >= MOST_ENDS) return [line];
    over.set(line.fingerprint, member);
    const knows = member !== undefined && !unheard.has(line.fingerprint);
    return knows && send_resolved ? [lineOf(member, notification.externalURL)] : [];
  });
  if (alerts.length === notification.alerts.length && alerts.every((line, n) => line === notification.alerts[n])) {
    return undefined;
  }
  const left: Notice = {
    ...notice,
    // It says something else, and a receiver may take an id that it has seen for something that it has.
    notification_id: derivedId("notification", digest("restated", notice.notification_id)),
    notification: bodyWith(notification, alerts, fresh),
    fresh: fresh.filter((fingerprint) => !over.has(fingerprint)),
  };
  return {
    notice: alerts.length === 0 ? undefined : left,
    members: [...over.values()].flatMap((member) => learned(member, name, unheard)),
  };
}

/** What was never told is as if nobody had meant to; of all else the end is told by now. */
function learned(member: Member | undefined, receiver: string, unheard: ReadonlySet<string>): Member[] {
  const known = member?.told[receiver];
  if (member === undefined || known?.status !== "firing") return [];
  const { [receiver]: _, ...others } = member.told;
  if (unheard.has(member.fingerprint)) return [{ ...member, told: others }];
  return [{ ...member, told: { ...others, [receiver]: { ...known, status: "resolved" } } }];
}
