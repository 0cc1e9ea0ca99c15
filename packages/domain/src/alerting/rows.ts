import type { Instant } from "@omoios/kernel/clock";
import type { AlertId, NotificationId, SilenceId } from "@omoios/kernel/ids";
import { shortDigest } from "../digest.ts";
import { expiryInDays } from "../expiry.ts";
import type { MaybeDue, MaybeExpiring, Versioned } from "../versioned.ts";
import type { Alert } from "./alert.ts";
import { alertDueAt } from "./alert-acts.ts";
import type { Group, Member } from "./group.ts";
import type { Source } from "./inhibition.ts";
import type { Silence } from "./silence.ts";

export interface AlertRow extends Alert, Versioned, MaybeDue, MaybeExpiring {}

/** Leads from an occurrence's id to its alert; once there is a newer one, it holds the occurrence as it ended. */
export interface OccurrenceRow extends Versioned, MaybeExpiring {
  alert_id: AlertId;
  fingerprint: string;
  past?: Alert | undefined;
}

export interface AlertGroupRow extends Group, Versioned, MaybeExpiring {
  group_id: string;
  /** A look that takes more than one write: its moment, and what was sent before it. */
  look?: { at: Instant; sent: Group["sent"] } | undefined;
}

export interface AlertMemberRow extends Member, Versioned, MaybeExpiring {
  group_id: string;
}

/** An alert that fires and can inhibit others. */
export interface AlertSourceRow extends Source, Versioned {}

export interface SilenceRow extends Omit<Silence, "silence_id">, Versioned, MaybeExpiring {
  silence_id: SilenceId;
}

/** The last test of a receiver. */
export interface ReceiverTestRow extends Versioned, MaybeExpiring {
  receiver: string;
  notification_id: NotificationId;
  asked_at: Instant;
  asked_by: string;
  /** Somebody tries it, or has: a message that comes twice is one test. */
  begun: boolean;
  tried_at?: Instant | undefined;
  outcome?: "delivered" | "refused" | "failed" | undefined;
  detail?: string | undefined;
}

/** A group's key is as long as its labels; its rows go by this. */
export const groupIdOf = (key: string): string => shortDigest("alert_group", key);

/** An alert's row: when it is due, and, once it is over, when it goes. */
export function alertRow(alert: Alert, version: number, days: number): AlertRow {
  const over = alert.state === "resolved" ? { ttl: expiryInDays(alert.resolved_at ?? alert.heard.at, days) } : {};
  return { ...alert, version, due_at: alertDueAt(alert), ...over };
}

export function alertOf({ version: _v, due_at: _d, ttl: _t, ...alert }: AlertRow): Alert {
  return alert;
}

/** A group's row. One whose life is over goes when nothing has joined it for so long. */
export function groupRow(group: Group, version: number, now: Instant, days: number): AlertGroupRow {
  const over = group.open ? {} : { ttl: expiryInDays(now, days) };
  return { ...group, version, group_id: groupIdOf(group.key), ...over };
}

export function groupOf({ version: _v, group_id: _i, ttl: _t, look: _l, ...group }: AlertGroupRow): Group {
  return group;
}

/** A member's row. One that is over may stay for its window's sake, but not for ever. */
export function memberRow(member: Member, version: number, days: number): AlertMemberRow {
  const over =
    member.status === "resolved" && member.ends_at !== undefined ? { ttl: expiryInDays(member.ends_at, days) } : {};
  return { ...member, version, group_id: groupIdOf(member.group_key), ...over };
}

export function memberOf({ version: _v, group_id: _i, ttl: _t, ...member }: AlertMemberRow): Member {
  return member;
}

export function occurrenceRow(alert: Alert, version: number, days: number): OccurrenceRow {
  const { alert_id, fingerprint, state, resolved_at, heard } = alert;
  const over = state === "resolved" ? { ttl: expiryInDays(resolved_at ?? heard.at, days) } : {};
  return { version, alert_id, fingerprint, ...over };
}
