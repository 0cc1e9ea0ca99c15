import type { TimerMessage } from "@omoios/contracts/jobs";
import type { Instant } from "@omoios/kernel/clock";
import { cutToBytes } from "@omoios/kernel/cut-text";
import type { Change, EventDraft } from "../commit.ts";
import { same } from "../config/same.ts";
import { isFiring } from "./alert.ts";
import type { Group } from "./group.ts";
import type { Step } from "./life.ts";
import type { LogEntry } from "./log.ts";
import { concerned, type Joined, place } from "./placement.ts";
import type { Routing } from "./routing.ts";
import {
  type AlertGroupRow,
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
import { type Standing, seatName } from "./standing.ts";

/** Rows of one write: a transaction holds a hundred, and a request's own row may be among them. */
const MOST_ROWS = 99;
/** Characters of their JSON: a transaction holds four megabytes. */
const MOST_CHARACTERS = 1_000_000;

/** The steps of some alerts as one write. */
export interface JointWrite {
  changes: readonly Change[];
  entries: readonly LogEntry[];
  due: readonly TimerMessage[];
  /** Groups that are joined as they stand, without a write of theirs, and the fingerprints of those who join. */
  unwritten: readonly { group: AlertGroupRow; joined_by: readonly string[] }[];
  /** How many of the steps it takes, from the first: the others do not fit in. */
  taken: number;
}

export interface Rules {
  routing: Routing;
  now: Instant;
  retention_days: number;
}

/**
 * Brings the steps of some alerts to their groups, one after another, and makes one write of what comes of all. So alerts of one group
 * stand in it together, and the group is written once.
 */
export function jointWrite(steps: readonly Step[], standing: Standing, rules: Rules): JointWrite {
  const groups = new Map<string, { group: Group; joined_by: string[] }>();
  const changes: Change[] = [];
  const entries: LogEntry[] = [];
  let [taken, characters] = [0, 0];
  for (const step of steps) {
    const { fingerprint } = step.alert;
    const seats = seatsOf(standing, rules, groups, step);
    const { alert, joined } = place(rules.routing, step.alert, seats, rules.now);
    const its = changesOf({ ...step, alert }, joined, standing, rules);
    const size = sizeOf(its);
    const new_groups = joined.filter(({ group }) => !groups.has(group.key)).length;
    const rows = changes.length + its.length + groups.size + new_groups;
    if (taken > 0 && (rows > MOST_ROWS || characters + size > MOST_CHARACTERS)) break;
    for (const { group } of joined) {
      groups.set(group.key, { group, joined_by: [...(groups.get(group.key)?.joined_by ?? []), fingerprint] });
    }
    changes.push(...its);
    if (its.length > 0) entries.push(...step.entries, ...joined.flatMap((each) => each.entries));
    characters += size;
    taken += 1;
  }
  const { written, unwritten } = groupChanges([...groups.values()], standing, rules);
  const all = [...changes, ...written];
  return { changes: all, entries, due: all.flatMap(dueOf), unwritten, taken };
}

function seatsOf(
  standing: Standing,
  { routing }: Rules,
  groups: ReadonlyMap<string, { group: Group }>,
  { alert }: Step,
) {
  return new Map(
    concerned(routing, alert).map((key) => {
      const row = standing.groups.get(key);
      const member = standing.members.get(seatName(groupIdOf(key), alert.fingerprint));
      return [key, { group: groups.get(key)?.group ?? (row && groupOf(row)), member: member && memberOf(member) }];
    }),
  );
}

/** What is written of an alert itself: nothing where nothing has changed. */
function changesOf(step: Step, joined: readonly Joined[], standing: Standing, { routing, retention_days }: Rules) {
  const { alert } = step;
  const before = standing.alerts.get(alert.fingerprint);
  if (before !== undefined && joined.length === 0 && same(alertOf(before), alert)) return [];
  const after = alertRow(alert, before?.version ?? 0, retention_days);
  const members = joined.map(({ member }): Change => {
    const was = standing.members.get(seatName(groupIdOf(member.group_key), member.fingerprint));
    const row = memberRow(member, was?.version ?? 0, retention_days);
    return { kind: "alert_member", ...(was && { before: was }), after: row, renews: true };
  });
  const own: Change = { kind: "alert", ...(before && { before }), after, events: eventsOf(before, step), renews: true };
  return [
    own,
    ...occurrenceChanges(standing, before, alert, retention_days),
    ...sourceChanges(standing, routing, alert),
    ...members,
  ];
}

function groupChanges(
  joined: readonly { group: Group; joined_by: readonly string[] }[],
  { groups }: Standing,
  { now, retention_days }: Rules,
) {
  const written: Change[] = [];
  const unwritten: { group: AlertGroupRow; joined_by: readonly string[] }[] = [];
  for (const { group, joined_by } of joined) {
    const was = groups.get(group.key);
    if (was !== undefined && same(groupOf(was), group)) unwritten.push({ group: was, joined_by });
    else {
      const is = groupRow(group, was?.version ?? 0, now, retention_days);
      const look = group.started_at === was?.started_at && was.look !== undefined ? { look: was.look } : {};
      written.push({ kind: "alert_group", ...(was && { before: was }), after: { ...is, ...look }, renews: true });
    }
  }
  return { written, unwritten };
}

const sizeOf = (changes: readonly Change[]): number =>
  changes.reduce((sum, { after }) => sum + JSON.stringify(after ?? {}).length, 0);

/** An event's data has 200 bytes; the row brings all that is longer. */
const LONGEST_NAME = 100;

function eventsOf(before: AlertRow | undefined, { alert, entries }: Step): EventDraft[] {
  return entries.flatMap(({ decision }): EventDraft[] => {
    if (decision === "firing" || decision === "reopened") {
      const rule_id = cutToBytes(alert.alertname, LONGEST_NAME);
      return [{ type: "monitor.alert.triggered", data: { rule_id, current_value: alert.value ?? null } }];
    }
    if (decision === "acknowledged")
      return [{ type: "monitor.alert.acknowledged", ...noteWith(alert.acknowledged?.note) }];
    return decision === "resolved" && before !== undefined && isFiring(before)
      ? [{ type: "monitor.alert.resolved", ...noteOf(alert) }]
      : [];
  });
}

/** What a person said who resolved it. */
const noteOf = ({ resolution }: Step["alert"]): Partial<EventDraft> =>
  noteWith(resolution?.by === "hand" ? resolution.note : undefined);

const noteWith = (note = ""): Partial<EventDraft> => (note === "" ? {} : { data: { note }, fits: "note" });

function dueOf(change: Change): TimerMessage[] {
  const { kind, after } = change;
  if ((kind !== "alert" && kind !== "alert_group") || after?.due_at === undefined) return [];
  const id = kind === "alert" ? after.fingerprint : after.group_id;
  return [{ kind, id, due_at: after.due_at }];
}
