import { describe, expect, it } from "vitest";
import type { Change } from "../commit.ts";
import { fingerprint, identityLabels } from "./identity.ts";
import { jointWrite } from "./joint-write.ts";
import { hear, type Step } from "./life.ts";
import { type AlertGroupRow, alertOf, groupIdOf } from "./rows.ts";
import { at, fires, plain, RECEIVERS, routingFrom } from "./scenario.fixture.ts";
import type { AlertSignal } from "./signal.ts";
import { nothingRead, type Standing, seatName } from "./standing.ts";

const KEY = '{}:{alertname="slow"}';

const of = (n: number, given: Partial<AlertSignal> = {}) => fires(0, { labels: { agent_id: `a${n}` }, ...given });

const stepsOf = (signals: readonly AlertSignal[], standing: Standing): Step[] =>
  signals.flatMap((signal) => {
    const row = standing.alerts.get(fingerprint(identityLabels(signal)));
    return hear(row && alertOf(row), signal) ?? [];
  });

/** What was written, as it is read again. */
function standingAfter(changes: readonly Change[]): Standing {
  const standing = nothingRead();
  for (const { kind, after } of changes) {
    if (after === undefined) continue;
    if (kind === "alert") standing.alerts.set(after.fingerprint, { ...after, version: 1 });
    if (kind === "alert_group") standing.groups.set(after.key, { ...after, version: 1 });
    if (kind === "alert_member")
      standing.members.set(seatName(after.group_id, after.fingerprint), { ...after, version: 1 });
    if (kind === "alert_occurrence") standing.occurrences.set(after.alert_id, { ...after, version: 1 });
  }
  return standing;
}

const write = (signals: readonly AlertSignal[], standing = nothingRead(), { routing = plain, seconds = 0 } = {}) =>
  jointWrite(stepsOf(signals, standing), standing, { routing, now: at(seconds), retention_days: 30 });

const counted = (changes: readonly Change[]) => {
  const counts: Record<string, number> = {};
  for (const { kind } of changes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

describe("the write of several alerts' steps", () => {
  it("writes their group once, due when the first of them may be told", () => {
    const { changes, due, taken } = write([of(1), of(2, { severity: "critical" }), of(3)]);
    expect([taken, counted(changes)]).toEqual([3, { alert: 3, alert_occurrence: 3, alert_member: 3, alert_group: 1 }]);
    expect(due).toEqual([{ kind: "alert_group", id: groupIdOf(KEY), due_at: at(0) }]);
  });

  it("says the same as one write after another", () => {
    const [first, second] = [of(1), of(2)];
    const alone = write([first]);
    const behind = write([second], standingAfter(alone.changes));
    const together = write([first, second]);
    const groupOf = (changes: readonly Change[]) => changes.find(({ kind }) => kind === "alert_group")?.after;
    expect(behind.unwritten).toMatchObject([{ group: { key: KEY }, joined_by: [expect.any(String)] }]);
    expect(groupOf(together.changes)).toEqual(groupOf(alone.changes));
    expect(together.entries).toEqual([...alone.entries, ...behind.entries]);
  });

  it("names the groups that are joined as they stand, and by whom", () => {
    const standing = standingAfter(write([of(1)]).changes);
    const { changes, unwritten } = write([of(2), of(3)], standing);
    expect(counted(changes)).toEqual({ alert: 2, alert_occurrence: 2, alert_member: 2 });
    expect(unwritten.map(({ group, joined_by }) => [group.key, joined_by.length])).toEqual([[KEY, 2]]);
  });

  it("writes nothing of what is known", () => {
    const standing = standingAfter(write([of(1)]).changes);
    const known = [...standing.alerts.values()].map((row): Step => ({ alert: alertOf(row), entries: [] }));
    const { changes, entries, taken } = jointWrite(known, standing, { routing: plain, now: at(9), retention_days: 30 });
    expect([changes, entries, taken]).toEqual([[], [], 1]);
  });

  it("keeps the moment of a look that is not ended", () => {
    const standing = standingAfter(write([of(1)]).changes);
    const group = standing.groups.get(KEY);
    const look: AlertGroupRow["look"] = { at: at(1), sent: {} };
    if (group !== undefined) standing.groups.set(KEY, { ...group, look });
    const { changes } = write([of(2, { severity: "critical" })], standing, { seconds: 5 });
    expect(changes.find(({ kind }) => kind === "alert_group")?.after).toMatchObject({ look, due_at: at(5) });
  });

  it("takes no more than a transaction holds", () => {
    const routing = routingFrom(`${RECEIVERS}route: { receiver: slack, group_by: ['...'] }`);
    const many = Array.from({ length: 40 }, (_, n) => of(n));
    const rows = write(many, nothingRead(), { routing });
    expect([rows.taken, rows.changes.length]).toEqual([24, 96]);
    const labelled = (room: string) => many.map((signal) => ({ ...signal, labels: { ...signal.labels, room } }));
    expect(write(labelled("x".repeat(200_000))).taken).toBe(2);
    expect(write(labelled("x".repeat(2_000_000))).taken).toBe(1);
  });
});
