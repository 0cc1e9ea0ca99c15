import type { TimerMessage } from "@omoios/contracts/jobs";
import type { Change, CommitOptions, EventDraft, RequestContext } from "../commit.ts";
import { same } from "../config/same.ts";
import { cutToBytes } from "../cut-text.ts";
import { isFiring } from "./alert.ts";
import type { Step } from "./life.ts";
import type { AlertParts } from "./parts.ts";
import { concerned, place } from "./placement.ts";
import {
  type AlertGroupRow,
  type AlertMemberRow,
  type AlertRow,
  alertOf,
  alertRow,
  groupIdOf,
  groupOf,
  groupRow,
  memberOf,
  memberRow,
} from "./rows.ts";
import { occurrenceChanges, sourceChanges } from "./rows-beside.ts";

/** What stands under a group's key, as it was read. */
interface ReadSeat {
  group: AlertGroupRow | undefined;
  member: AlertMemberRow | undefined;
}

/**
 * Writes an alert's step together with what it means for its groups, and wakes what is due for it. Throws `Stale` when something else was
 * said of it meanwhile.
 * @param before its row as it was read, if there was one
 */
export async function takeStep(
  parts: AlertParts,
  ctx: RequestContext,
  before: AlertRow | undefined,
  step: Step,
  options: CommitOptions = {},
): Promise<AlertRow> {
  const { routing, limits } = parts;
  const days = limits.retention_days.alerts;
  const read = await seatsOf(parts, concerned(routing, step.alert), step.alert.fingerprint);
  const seats = new Map(
    [...read].map(([key, { group, member }]) => [
      key,
      { group: group && groupOf(group), member: member && memberOf(member) },
    ]),
  );
  const { alert, joined } = place(routing, step.alert, seats, ctx.now);
  const after = alertRow(alert, before?.version ?? 0, days);
  if (before !== undefined && joined.length === 0 && same(alertOf(before), alert)) return before;
  const changes: Change[] = [
    { kind: "alert", ...(before && { before }), after, events: eventsOf(before, step), renews: true },
    ...(await occurrenceChanges(parts, before, alert, days)),
    ...(await sourceChanges(parts, alert)),
  ];
  const due: TimerMessage[] = dueOf("alert", alert.fingerprint, after.due_at);
  const unwritten: AlertGroupRow[] = [];
  for (const { group, member } of joined) {
    const seat = read.get(group.key);
    const [was, is] = [seat?.group, groupRow(group, seat?.group?.version ?? 0, ctx.now, days)];
    if (was !== undefined && same(groupOf(was), group)) unwritten.push(was);
    else {
      const look = group.started_at === was?.started_at && was.look !== undefined ? { look: was.look } : {};
      changes.push({ kind: "alert_group", ...(was && { before: was }), after: { ...is, ...look }, renews: true });
      due.push(...dueOf("alert_group", is.group_id, is.due_at));
    }
    const row = memberRow(member, seat?.member?.version ?? 0, days);
    changes.push({ kind: "alert_member", ...(seat?.member && { before: seat.member }), after: row, renews: true });
  }
  const [written] = await parts.commit(ctx, changes, options);
  await parts.log.write([...step.entries, ...joined.flatMap(({ entries }) => entries)], ttlOf(ctx.now, days));
  await parts.timers.set(due, ctx.now);
  if (await haveMoved(parts, unwritten)) return takeStep(parts, ctx, written as AlertRow, { alert, entries: [] });
  return written as AlertRow;
}

/** Until when a line of the log is kept, in seconds since the epoch. */
export const ttlOf = (now: number, days: number): number => Math.ceil(now / 1000) + days * 86_400;

async function seatsOf({ store }: AlertParts, keys: readonly string[], fingerprint: string) {
  const [groups, members] = await Promise.all([
    store.getMany(
      "alert_group",
      keys.map((key) => ({ group_id: groupIdOf(key) })),
    ),
    store.getMany(
      "alert_member",
      keys.map((key) => ({ group_id: groupIdOf(key), fingerprint })),
    ),
  ]);
  return new Map<string, ReadSeat>(
    keys.map((key) => [
      key,
      {
        group: groups.find((row) => row.key === key),
        member: members.find((row) => row.group_key === key),
      },
    ]),
  );
}

/**
 * Whether one of the groups that were joined without a write was written meanwhile: it may have been looked at without this member, and
 * its life may be over. Whoever looks at a group reads its members once more behind that, so that one of the two sees the other.
 */
async function haveMoved({ store }: AlertParts, read: readonly AlertGroupRow[]): Promise<boolean> {
  if (read.length === 0) return false;
  const now = await store.getMany(
    "alert_group",
    read.map(({ group_id }) => ({ group_id })),
  );
  return read.some((was) => now.find(({ group_id }) => group_id === was.group_id)?.version !== was.version);
}

/** An event's data has 200 bytes; the row brings all that is longer. */
const LONGEST_NAME = 100;

function eventsOf(before: AlertRow | undefined, { alert, entries }: Step): EventDraft[] {
  return entries.flatMap(({ decision }): EventDraft[] => {
    if (decision === "firing" || decision === "reopened") {
      const rule_id = cutToBytes(alert.alertname, LONGEST_NAME);
      return [{ type: "monitor.alert.triggered", data: { rule_id, current_value: alert.value ?? null } }];
    }
    if (decision === "acknowledged") return [{ type: "monitor.alert.acknowledged" }];
    return decision === "resolved" && before !== undefined && isFiring(before)
      ? [{ type: "monitor.alert.resolved" }]
      : [];
  });
}

const dueOf = (kind: "alert" | "alert_group", id: string, due_at: number | undefined): TimerMessage[] =>
  due_at === undefined ? [] : [{ kind, id, due_at }];
