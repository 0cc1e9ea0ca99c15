import { type Instant, toRfc3339 } from "@omoios/kernel/clock";
import { gateOf, heldUntil, isNews, isRisen, isUntold, targetsOf } from "./gates.ts";
import type { Group, Member, Told } from "./group.ts";
import type { LogEntry } from "./log.ts";
import { type Notice, noticeOf, type Reason, whyTold } from "./notice.ts";
import { type Route, rankOf } from "./routing.ts";

/** What is decided about one receiver of a group. */
export interface Telling {
  group: Group;
  members: readonly Member[];
  notice?: Notice | undefined;
  entries: readonly LogEntry[];
}

export interface Situation {
  group: Group;
  members: readonly Member[];
  route: Route;
  receiver: { name: string; send_resolved: boolean };
  /** An escalation's step is due for it, or is sent again. */
  forced?: "escalated" | "lapsed" | undefined;
  now: Instant;
  external_url: string;
}

/**
 * Whether a receiver is told of a group now, and what it then knows. It is told when there is news (a member begins to fire, one that it
 * knows ends) and the group's interval is over; at once when a severity rises or an escalation reaches it; and again, with nothing new,
 * after `repeat_interval`.
 */
export function tell(situation: Situation): Telling {
  const { group, members, route, receiver, now } = situation;
  const { name } = receiver;
  const firing = members.filter((member) => wants(member, route, name) && heldUntil(member, route, name) <= now);
  const ended = members.filter((member) => member.status === "resolved" && !isUntold(member, name));
  const why = reasonOf(situation, firing, ended);
  if (why === undefined) return { group, members, entries: heldEntries(situation) };
  const resolved = receiver.send_resolved ? ended : [];
  const known = learn(members, new Set([...firing, ...ended]), name, now);
  if (firing.length + resolved.length === 0) return { group, members: known, entries: [] };
  const fresh = firing.filter((member) => isUntold(member, name)).map(({ fingerprint }) => fingerprint);
  const n = (group.sent[name]?.n ?? 0) + 1;
  const notice = noticeOf(group, { receiver: name, why, firing, resolved, fresh }, n, now, situation.external_url);
  const entries = [...firing, ...resolved].map(({ alert_id, status }) => ({
    alert_id,
    at: now,
    decision: "queued" as const,
    notification_id: notice.notification_id,
    why: whyTold(status, notice),
  }));
  const sent = { ...group.sent, [name]: { n, at: now } };
  return { group: { ...group, sent }, members: known, notice, entries: [...entries, ...heldEntries(situation)] };
}

/** Whether a receiver is to know that the alert fires. */
export const wants = (member: Member, route: Route, receiver: string): boolean =>
  member.here &&
  member.status === "firing" &&
  member.quiet === undefined &&
  targetsOf(member, route).includes(receiver);

function reasonOf(
  { group, route, receiver: { name }, forced, now }: Situation,
  firing: readonly Member[],
  ended: readonly Member[],
): Reason | undefined {
  if (forced !== undefined && firing.length > 0) return forced;
  if (firing.some((member) => isRisen(member, name))) return "severity";
  const last = group.sent[name];
  const news = ended.length > 0 || firing.some((member) => isNews(member, route, name));
  if (news && gateOf(group, route, name) <= now) return last === undefined ? "new" : "changed";
  const again = last !== undefined && firing.length > 0 && now >= last.at + route.repeat_interval_ms;
  return again ? "repeated" : undefined;
}

/** What the receiver knows of those that it was told of. */
function learn(members: readonly Member[], told_of: ReadonlySet<Member>, receiver: string, now: Instant): Member[] {
  return members.map((member) => {
    if (!told_of.has(member)) return member;
    const before = member.told[receiver];
    const told = toldOf(member, before, now);
    return told === before ? member : { ...member, told: { ...member.told, [receiver]: told } };
  });
}

function toldOf({ status, severity }: Member, before: Told | undefined, now: Instant): Told {
  const firing: Told = { status: "firing", severity, fired_at: now };
  if (before === undefined) return firing;
  if (status === "resolved") return { ...before, status };
  const begins = before.status === "resolved" || rankOf(severity) > rankOf(before.severity);
  return begins ? firing : before;
}

/** A second firing that the window holds back; the log says so when it is first looked at. */
function heldEntries({ members, route, receiver: { name }, now }: Situation): LogEntry[] {
  return members.flatMap((member) => {
    const until = heldUntil(member, route, name);
    if (!wants(member, route, name) || until <= now) return [];
    const why = `${name} was told of a firing within the window, which ends at ${toRfc3339(until)}`;
    return [{ alert_id: member.alert_id, at: now, decision: "deduplicated" as const, why }];
  });
}
