import type { Instant } from "@omoios/kernel/clock";
import type { Group, Member } from "./group.ts";
import { type Route, rankOf } from "./routing.ts";

/** From when on a receiver may be told of a group's changes. */
export const gateOf = ({ sent, wait_until }: Group, { group_interval_ms }: Route, receiver: string): Instant => {
  const last = sent[receiver];
  return last === undefined ? wait_until : last.at + group_interval_ms;
};

/**
 * Until when a second firing is held back from a receiver: the end of the deduplication window that the first one opened. In the past
 * where nothing holds it, as when its severity is worse than what the receiver was told.
 */
export function heldUntil(
  { told, severity, deduplication_window_ms }: Member,
  { deduplicates }: Route,
  receiver: string,
): Instant {
  const known = told[receiver];
  if (!deduplicates || known?.status !== "resolved" || rankOf(severity) > rankOf(known.severity))
    return Number.NEGATIVE_INFINITY;
  return known.fired_at + deduplication_window_ms;
}

/** Whether a receiver knows the alert, and knows it as milder than it is. */
export const isRisen = ({ told, severity, status }: Member, receiver: string): boolean => {
  const known = told[receiver];
  return status === "firing" && known !== undefined && rankOf(severity) > rankOf(known.severity);
};

/** Whether a receiver has not been told that it fires. */
export const isUntold = ({ told }: Member, receiver: string): boolean => told[receiver]?.status !== "firing";

/** Whether a receiver is to be told that it fires: for the first time, or since it was told of the last end. */
export const isNews = (member: Member, { deduplicates }: Route, receiver: string): boolean =>
  !deduplicates || isUntold(member, receiver);

/** Who is to know that it fires: those whom its rule adds, and the route's receiver or those whom the escalation has reached. */
export function targetsOf({ extras, steps }: Member, { receiver, escalation }: Route): string[] {
  const reached = escalation?.steps.slice(0, steps?.sent ?? 0).map((step) => step.receiver) ?? [receiver];
  return [...new Set([...reached, ...extras])];
}

/**
 * Whether an acknowledgement holds back the next step. Where a rise of severity has led the alert since, the first step is no later one:
 * whoever took on a milder alert has not taken this one from those who are to be told of it.
 */
export const isHeld = ({ acknowledged, risen, steps }: Member): boolean =>
  acknowledged && !(risen === true && steps === undefined);

/**
 * When the first receiver may be told what it does not know of an alert; `undefined` where each knows all. A rise of severity waits for
 * nothing.
 */
export function newsDueAt(group: Group, member: Member, route: Route, now: Instant): Instant | undefined {
  if (member.status === "resolved") {
    const unaware = Object.keys(member.told).filter((receiver) => !isUntold(member, receiver));
    return earliest(unaware.map((receiver) => gateOf(group, route, receiver)));
  }
  if (!member.here) return undefined;
  const first = route.escalation?.steps[0]?.receiver;
  const begins = member.steps === undefined && first !== undefined && !isHeld(member);
  const targets = [...targetsOf(member, route), ...(begins ? [first] : [])];
  return earliest(
    targets.flatMap((receiver) => {
      if (isRisen(member, receiver)) return [now];
      if (!isNews(member, route, receiver)) return [];
      return [Math.max(gateOf(group, route, receiver), heldUntil(member, route, receiver))];
    }),
  );
}

/** The first of some moments. */
export function earliest(moments: readonly (Instant | undefined)[]): Instant | undefined {
  const known = moments.filter((moment) => moment !== undefined);
  return known.length === 0 ? undefined : known.reduce((a, b) => Math.min(a, b));
}
