import type { Change, RequestContext } from "../commit.ts";
import { expiryInDays } from "../expiry.ts";
import { noteDropped } from "./dropped.ts";
import { isDue } from "./mailbox.ts";
import { logEntriesOf } from "./notice.ts";
import type { AlertParts } from "./parts.ts";
import { restate } from "./restate.ts";
import { groupIdOf, memberOf, memberRow } from "./rows.ts";

/**
 * Makes of what waits how things stand by now; gives whether anything had changed. A try that was lost is made again as it was: nobody
 * knows whether it has arrived.
 */
export async function renew(parts: AlertParts, ctx: RequestContext, delivery_id: string): Promise<boolean> {
  const { store, commit, routing, limits, log } = parts;
  const days = limits.retention_days.alerts;
  const before = await store.get("alert_delivery", { delivery_id });
  if (before === undefined || !isDue(before, ctx.now) || before.trying_until !== undefined) return false;
  const receiver = routing.receivers.get(before.receiver);
  if (receiver === undefined) return false;
  const { groupKey, alerts } = before.current.notification;
  const group_id = groupIdOf(groupKey);
  const firing = alerts.filter(({ status }) => status === "firing");
  const rows = await store.getMany(
    "alert_member",
    firing.map(({ fingerprint }) => ({ group_id, fingerprint })),
  );
  const restated = restate(before.current, rows.map(memberOf), receiver);
  if (restated === undefined) return false;
  const { notice, members } = restated;
  const after = notice && { ...before, current: notice, since: ctx.now };
  const learned = members.flatMap((member): Change[] => {
    const row = rows.find(({ fingerprint }) => fingerprint === member.fingerprint);
    return row === undefined
      ? []
      : [{ kind: "alert_member", before: row, after: memberRow(member, row.version, days) }];
  });
  await commit(ctx, [{ kind: "alert_delivery", before, ...(after && { after }) }, ...learned]);
  if (notice !== undefined) await log.write(logEntriesOf(notice, "queued", ctx.now), expiryInDays(ctx.now, days));
  await noteDropped(parts, ctx.now, { waited: [before.current], left: after, tries: before.tries });
  return after !== undefined;
}
