import type { Labels, Notification } from "@omoios/contracts/shapes/alert";
import { type Instant, toRfc3339 } from "@omoios/kernel/clock";
import { type AlertId, derivedId, type NotificationId } from "@omoios/kernel/ids";
import { messageText } from "@omoios/kernel/message-text";
import { digest, shortDigest } from "../digest.ts";
import type { Group, Member } from "./group.ts";
import { sorted, withSeverity } from "./identity.ts";
import type { LogEntry } from "./log.ts";

/** A notification that is to be delivered. */
export interface Notice {
  /** Follows from the group, its life, the receiver and the number: made twice it is one. */
  notification_id: NotificationId;
  receiver: string;
  at: Instant;
  /** Why now, for the log. */
  why: Reason;
  /** The group's life as a short text: mails of one thread belong together. */
  thread: string;
  /** Whether it is the first that this receiver gets of that life. */
  first: boolean;
  notification: Notification;
  /** Fingerprints of what the receiver did not know to be firing: what it never got of it need not be called off. */
  fresh: readonly string[];
}

export type Reason = "new" | "changed" | "severity" | "repeated" | "escalated" | "lapsed" | "redriven" | "test";

/**
 * Alerts that one notification shows at most, and bytes of their lines as a message's JSON; the others are counted. Two notifications wait
 * in one row, which DynamoDB gives 400 KB.
 */
const ROOM = { alerts: 100, bytes: 150_000 };
/** Alerts that are shown of several notifications that became one while they waited. */
const MOST_WAITING = 1_000;
/** Fingerprints of what begins that a notification keeps. What is not among them counts as known: its end is told in any case. */
const MOST_FRESH = 2_000;
export const NOT_ENDED = "0001-01-01T00:00:00Z";

export interface Content {
  receiver: string;
  why: Reason;
  firing: readonly Member[];
  resolved: readonly Member[];
  fresh: readonly string[];
}

/**
 * @param n which of the receiver's notifications in the group's life it is, from 1
 * @param external_url where the plane is reached, without a slash at its end
 */
export function noticeOf(group: Group, content: Content, n: number, at: Instant, external_url: string): Notice {
  const { receiver, why, fresh } = content;
  const { key, started_at } = group;
  return {
    notification_id: derivedId("notification", digest("notification", key, started_at, receiver, n)),
    receiver,
    at,
    why,
    thread: shortDigest("thread", key, started_at, receiver),
    first: n === 1,
    notification: bodyOf(group, content, external_url),
    fresh: fresh.slice(0, MOST_FRESH),
  };
}

function bodyOf(group: Group, { receiver, firing, resolved, fresh }: Content, external_url: string): Notification {
  const all = [...firing, ...resolved];
  const lines = (members: readonly Member[]) => members.map((member) => lineOf(member, external_url));
  const alerts = shownOf(lines(firing), lines(resolved), new Set(fresh), ROOM);
  return {
    version: "4",
    groupKey: group.key,
    truncatedAlerts: all.length - alerts.length,
    status: firing.length > 0 ? "firing" : "resolved",
    receiver,
    groupLabels: group.labels,
    commonLabels: common(all.map(withSeverity)),
    commonAnnotations: common(all.map(({ annotations }) => annotations)),
    externalURL: external_url,
    alerts,
  };
}

type Line = Notification["alerts"][number];

/**
 * The lines that a notification shows of all that it tells of. Where there is no room for all, what begins goes before what the receiver
 * knows, as it may never hear of it again, and what ends has half of the room if it takes that.
 * @param fresh fingerprints of what begins
 */
function shownOf(firing: readonly Line[], ends: readonly Line[], fresh: ReadonlySet<string>, room: typeof ROOM) {
  const all = [...firing, ...ends];
  if (fitting(all, room).length === all.length) return all;
  const begins = firing.filter(({ fingerprint }) => fresh.has(fingerprint));
  const news_first = [...begins, ...firing.filter(({ fingerprint }) => !fresh.has(fingerprint))];
  const alone = fitting(news_first, room);
  const shown = fitting(ends, {
    alerts: Math.max(room.alerts / 2, room.alerts - alone.length),
    bytes: Math.max(room.bytes / 2, room.bytes - bytesOf(alone)),
  });
  return [...fitting(news_first, { alerts: room.alerts - shown.length, bytes: room.bytes - bytesOf(shown) }), ...shown];
}

/** The first lines, as many as there is room for. */
function fitting(lines: readonly Line[], room: typeof ROOM): readonly Line[] {
  let bytes = 0;
  const most = lines.slice(0, room.alerts);
  const end = most.findIndex((line) => {
    bytes += bytesOf([line]);
    return bytes > room.bytes;
  });
  return end < 0 ? most : most.slice(0, end);
}

const bytesOf = (lines: readonly Line[]): number =>
  lines.reduce((sum, line) => sum + Buffer.byteLength(messageText(line)), 0);

/** What a notification says of one alert. */
export const lineOf = (member: Member, external_url: string): Line => ({
  status: member.status,
  labels: sorted(withSeverity(member)),
  annotations: { ...member.annotations },
  startsAt: toRfc3339(member.starts_at),
  endsAt: member.status === "firing" || member.ends_at === undefined ? NOT_ENDED : toRfc3339(member.ends_at),
  generatorURL: linkTo(member, external_url),
  fingerprint: member.fingerprint,
});

/** Where an occurrence is shown. */
export const linkTo = ({ alert_id }: Pick<Member, "alert_id">, external_url: string): string =>
  `${external_url}/api/v1/alerts/${alert_id}`;

/** The occurrence that a line of a notification is about. */
export const alertIdOf = ({ generatorURL }: Pick<Line, "generatorURL">): AlertId =>
  generatorURL.slice(generatorURL.lastIndexOf("/") + 1) as AlertId;

/** What the logs of the alerts that a notice shows say of it. A `queued` line leads from the alert to the notification's tries. */
export function logEntriesOf(notice: Notice, decision: "queued" | "sent", at: Instant): LogEntry[] {
  const { notification_id, notification } = notice;
  return notification.alerts.map(({ generatorURL, status }) => ({
    alert_id: alertIdOf({ generatorURL }),
    at,
    decision,
    why: whyTold(status, notice),
    ...(decision === "queued" ? { notification_id } : {}),
  }));
}

/** What a line of an alert's log says of a notification that shows it. */
export const whyTold = (status: Line["status"], { receiver, notification_id, why }: Notice): string =>
  `${status} to ${receiver} as ${notification_id}: ${why}`;

/**
 * The notification with other alerts in it, and what follows from them. Ends that wait for a receiver may be more than one notification
 * shows otherwise, but no more than a row holds.
 * @param fresh fingerprints of what begins
 */
export function bodyWith(notification: Notification, lines: readonly Line[], fresh: readonly string[]): Notification {
  const of = (status: Line["status"]) => lines.filter((line) => line.status === status);
  const alerts = shownOf(of("firing"), of("resolved"), new Set(fresh), { ...ROOM, alerts: MOST_WAITING });
  return {
    ...notification,
    truncatedAlerts: notification.truncatedAlerts + lines.length - alerts.length,
    status: alerts.some(({ status }) => status === "firing") ? "firing" : "resolved",
    commonLabels: common(alerts.map(({ labels }) => labels)),
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    alerts,
  };
}

/** What all of them say alike. */
function common([first, ...others]: readonly Readonly<Record<string, string>>[]): Labels {
  const alike = Object.entries(first ?? {}).filter(([name, value]) => others.every((each) => each[name] === value));
  return sorted(Object.fromEntries(alike));
}
