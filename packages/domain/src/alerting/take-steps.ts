import type { TimerMessage } from "@omoios/contracts/jobs";
import type { CommitOptions, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { expiryInDays } from "../expiry.ts";
import { inTurn } from "../in-turn.ts";
import { type JointWrite, jointWrite } from "./joint-write.ts";
import type { AlertParts } from "./parts.ts";
import { concerned } from "./placement.ts";
import { type AlertGroupRow, type AlertRow, alertOf } from "./rows.ts";
import { nothingRead, readFor, type Standing, type Turn } from "./standing.ts";

/** Alerts that one write changes at most: the more, the more others are in its way. */
const ALERTS_A_WRITE = 20;
/** Writes that are under way at a time. */
const WRITES_AT_ONCE = 4;

/** What a call has in hand. */
interface Course {
  parts: AlertParts;
  ctx: RequestContext;
  options: CommitOptions;
  /** Read for all at once, and anew for those in whose way something was; also what was written of alerts and groups. */
  standing: Standing;
  /** By kind and id. */
  due: Map<string, TimerMessage>;
}

/**
 * Takes the steps of some alerts, each one named once, with what they mean for their groups, and wakes what is due for them. Alerts of one
 * group are written one after another, others side by side. One write that fails keeps no other from being made; when all have
 * ended, the first failure is thrown. The same again is safe: what was written then changes nothing.
 * @param options of the write; for one alert only
 * @returns the rows as they stand, by fingerprint
 */
export async function takeSteps(
  parts: AlertParts,
  ctx: RequestContext,
  turns: readonly Turn[],
  options: CommitOptions = {},
): Promise<ReadonlyMap<string, AlertRow>> {
  const course: Course = { parts, ctx, options, standing: nothingRead(), due: new Map() };
  await readFor(parts, turns, course.standing);
  const failures: unknown[] = [];
  await inTurn(
    sharesOf(course, turns),
    (share) => takeShare(course, share).catch((error: unknown) => void failures.push(error)),
    WRITES_AT_ONCE,
  );
  // A group is woken when all that was said of it is written, so that it is told together.
  await parts.timers.set([...course.due.values()], ctx.now);
  if (failures.length > 0) throw failures[0];
  return course.standing.alerts;
}

/** Whole groups, by the first that an alert concerns, as many together as one write takes. */
function sharesOf({ parts: { routing }, standing }: Course, turns: readonly Turn[]): Turn[][] {
  const groups = new Map<string, Turn[]>();
  for (const turn of turns) {
    const step = standing.steps.get(turn.fingerprint);
    if (step === undefined) continue;
    const key = concerned(routing, step.alert)[0] ?? turn.fingerprint;
    groups.set(key, [...(groups.get(key) ?? []), turn]);
  }
  const shares: Turn[][] = [];
  for (const its of groups.values()) {
    const last = shares.at(-1);
    if (last !== undefined && last.length + its.length <= ALERTS_A_WRITE) last.push(...its);
    else shares.push(its);
  }
  return shares;
}

/** It joins its groups once more, and nothing is said of it. */
export const asItStands = (fingerprint: string): Turn => ({
  fingerprint,
  decide: (row) => row && { alert: alertOf(row), entries: [] },
});

/** @param unread whether the rows are to be read before the first write */
async function takeShare(course: Course, share: readonly Turn[], unread = false): Promise<void> {
  for (let left = share; left.length > 0; ) {
    const { taken, unwritten } = await takeSome(course, left, unread);
    const moved = await whoseGroupMoved(course, unwritten);
    await takeShare({ ...course, options: {} }, moved.map(asItStands), true);
    left = left.slice(taken);
  }
}

/** One write of the first ones; of ever fewer, read anew, while something else changes the same rows. */
function takeSome(course: Course, turns: readonly Turn[], unread: boolean) {
  const { parts, ctx, standing } = course;
  const rules = { routing: parts.routing, now: ctx.now, retention_days: parts.limits.retention_days.alerts };
  let most = ALERTS_A_WRITE;
  let stale = unread;
  return untilSettled(async () => {
    const some = turns.slice(0, most);
    if (stale) await readFor(parts, some, standing);
    [most, stale] = [Math.ceil(most / 2), true];
    const moving = some.filter(({ fingerprint }) => standing.steps.has(fingerprint));
    const steps = moving.flatMap(({ fingerprint }) => standing.steps.get(fingerprint) ?? []);
    const joint = jointWrite(steps, standing, rules);
    await write(course, joint);
    const next = moving[joint.taken];
    return { taken: next === undefined ? some.length : some.indexOf(next), unwritten: joint.unwritten };
  });
}

async function write({ parts, ctx, options, standing, due }: Course, { changes, entries, due: woken }: JointWrite) {
  if (changes.length === 0) return;
  const written = await parts.commit(ctx, changes, options);
  for (const message of woken) due.set(`${message.kind} ${message.id}`, message);
  for (const [n, { kind }] of changes.entries()) {
    const row = written[n];
    if (kind === "alert") standing.alerts.set((row as AlertRow).fingerprint, row as AlertRow);
    if (kind === "alert_group") standing.groups.set((row as AlertGroupRow).key, row as AlertGroupRow);
  }
  await parts.log.write(entries, expiryInDays(ctx.now, parts.limits.retention_days.alerts));
}

/**
 * Who joined a group without a write of it while it was written by others: it may have been looked at without them, and its life may be
 * over. Whoever looks at a group reads its members once more behind that, so that one of the two sees the other.
 */
async function whoseGroupMoved({ parts }: Course, unwritten: JointWrite["unwritten"]): Promise<string[]> {
  const now = await parts.store.getMany(
    "alert_group",
    unwritten.map(({ group: { group_id } }) => ({ group_id })),
  );
  const versions = new Map(now.map(({ group_id, version }) => [group_id, version]));
  const moved = unwritten.filter(({ group }) => versions.get(group.group_id) !== group.version);
  return [...new Set(moved.flatMap(({ joined_by }) => joined_by))];
}
