import type { TimerMessage } from "@omoios/contracts/jobs";
import type { Instant } from "@omoios/kernel/clock";
import { piecesOf } from "@omoios/kernel/pieces";
import type { Change, RequestContext } from "../commit.ts";
import { same } from "../config/same.ts";
import { untilSettled } from "../decide.ts";
import { expiryInDays } from "../expiry.ts";
import { noteDropped } from "./dropped.ts";
import { type Flushed, flush, type World } from "./flush.ts";
import type { AlertParts } from "./parts.ts";
import { mailDue, type Post, postOf } from "./post.ts";
import { type AlertGroupRow, type AlertMemberRow, groupOf, groupRow, memberOf, memberRow } from "./rows.ts";
import { ready } from "./silence.ts";

/** Rows that one write of a look changes at most; a transaction holds a hundred. */
const ROWS_A_WRITE = 90;
/** When a look that needs several writes is taken up by somebody else. */
const TAKEN_UP_AFTER_MS = 30_000;

/** Fingerprints of alerts that have lost their route. */
type Homeless = readonly string[];

/** Looks at a group that is due, and tells its receivers. Answers which alerts are to be placed anew. */
export const lookAtGroup = (parts: AlertParts, ctx: RequestContext, group_id: string): Promise<Homeless> =>
  untilSettled(() => look(parts, ctx, group_id, false));

async function look(parts: AlertParts, ctx: RequestContext, group_id: string, again: boolean): Promise<Homeless> {
  const { store } = parts;
  const row = await store.get("alert_group", { group_id });
  if (row === undefined) return [];
  const is_due = (row.due_at ?? Number.POSITIVE_INFINITY) <= ctx.now;
  if (!is_due && !again) return [];
  const members = await store.all("alert_member", { group_id });
  const world = await worldOf(parts, ctx.now);
  const at = row.look?.at ?? ctx.now;
  const flushed = flush(
    { ...groupOf(row), ...(row.look && { sent: row.look.sent }) },
    members.map(memberOf),
    world,
    at,
  );
  const changed = memberChanges(parts, members, flushed);
  if (row.look === undefined) {
    const whole = changed.length + flushed.notices.length < ROWS_A_WRITE;
    await writeTold(parts, ctx, row, flushed, whole ? changed : undefined);
    if (!whole) return look(parts, ctx, group_id, true);
  } else await finishLook(parts, ctx, row, { flushed, changed, world });
  if (!(await areThese(parts, members, changed)))
    return [...flushed.homeless, ...(await look(parts, ctx, group_id, true))];
  return flushed.homeless;
}

async function worldOf({ store, routing, external_url }: AlertParts, now: Instant): Promise<World> {
  const [silences, sources] = await Promise.all([store.all("silence", {}), store.all("alert_source", {})]);
  const standing = silences.filter(({ ends_at }) => (ends_at ?? Number.POSITIVE_INFINITY) > now);
  return { routing, silences: standing.map(ready), sources, external_url: external_url() };
}

/**
 * Writes what is told, and the group; with it the members, or where they are too many the moment of the look, for which they follow.
 */
async function writeTold(
  parts: AlertParts,
  ctx: RequestContext,
  row: AlertGroupRow,
  { group, notices, entries }: Flushed,
  members: readonly Change[] | undefined,
): Promise<void> {
  const days = parts.limits.retention_days.alerts;
  const posts = await postsOf(parts, row.group_id, notices, ctx.now);
  const mails = posts.flatMap(({ changes }) => changes);
  const look = { at: ctx.now, sent: row.sent };
  const after: AlertGroupRow =
    members === undefined
      ? { ...row, sent: group.sent, look, due_at: ctx.now + TAKEN_UP_AFTER_MS }
      : groupRow(group, row.version, ctx.now, days);
  await parts.commit(ctx, [{ kind: "alert_group", before: row, after }, ...mails, ...(members ?? [])]);
  await parts.log.write(entries, expiryInDays(ctx.now, days));
  for (const { step } of posts) await noteDropped(parts, ctx.now, step);
  await parts.timers.set([...dueOf(after), ...mails.flatMap(mailDue)], ctx.now);
}

/** The members, in parts, and then what the group is after the look. */
async function finishLook(
  parts: AlertParts,
  ctx: RequestContext,
  row: AlertGroupRow,
  { flushed, changed, world }: { flushed: Flushed; changed: readonly Change[]; world: World },
): Promise<void> {
  for (const some of piecesOf(changed, ROWS_A_WRITE)) await parts.commit(ctx, some);
  // Looked at once more with what was sent, so that repeats are counted from there.
  const { group } = flush({ ...flushed.group, sent: row.sent }, flushed.members, world, row.look?.at ?? ctx.now);
  const days = parts.limits.retention_days.alerts;
  const after = groupRow({ ...group, sent: row.sent }, row.version, ctx.now, days);
  await parts.commit(ctx, [{ kind: "alert_group", before: row, after }]);
  await parts.timers.set(dueOf(after), ctx.now);
}

function memberChanges(
  { limits }: AlertParts,
  before: readonly AlertMemberRow[],
  { members, gone }: Flushed,
): Change[] {
  const after = new Map(members.map((member) => [member.fingerprint, member]));
  const leave = new Set(gone);
  return before.flatMap((row): Change[] => {
    if (leave.has(row.fingerprint)) return [{ kind: "alert_member", before: row }];
    const member = after.get(row.fingerprint);
    if (member === undefined || same(memberOf(row), member)) return [];
    return [{ kind: "alert_member", before: row, after: memberRow(member, row.version, limits.retention_days.alerts) }];
  });
}

/** Whether the group's members are still those that the look saw, as it left them: who joins without a write of the group relies on it. */
async function areThese(
  { store }: AlertParts,
  seen: readonly AlertMemberRow[],
  changed: readonly Change[],
): Promise<boolean> {
  const [first] = seen;
  if (first === undefined) return true;
  const left = new Map(seen.map(({ fingerprint, version }) => [fingerprint, version]));
  for (const change of changed) {
    if (change.kind !== "alert_member" || change.before === undefined) continue;
    const { fingerprint, version } = change.before;
    if (change.after === undefined) left.delete(fingerprint);
    else left.set(fingerprint, version + 1);
  }
  const now = await store.all("alert_member", { group_id: first.group_id });
  return now.length === left.size && now.every(({ fingerprint, version }) => left.get(fingerprint) === version);
}

async function postsOf(
  { store, routing }: AlertParts,
  group_id: string,
  notices: Flushed["notices"],
  now: Instant,
): Promise<Post[]> {
  const made = await Promise.all(
    notices.map(async (notice): Promise<Post[]> => {
      const receiver = routing.receivers.get(notice.receiver);
      return receiver === undefined ? [] : [await postOf(store, { receiver, group_id, notice }, now)];
    }),
  );
  return made.flat();
}

const dueOf = ({ group_id, due_at }: AlertGroupRow): TimerMessage[] =>
  due_at === undefined ? [] : [{ kind: "alert_group", id: group_id, due_at }];
