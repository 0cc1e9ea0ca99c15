import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import { isId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type { Change, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { expiryInDays } from "../expiry.ts";
import type { DeliverParts } from "./deliver.ts";
import { noteDropped } from "./dropped.ts";
import { logEntriesOf } from "./notice.ts";
import { mailDue, postOf } from "./post.ts";
import { deadLettersOf, deadLetterView, receiverOf, receiverView, testView } from "./receiver-queries.ts";
import { askTest } from "./receiver-test.ts";
import { groupIdOf, memberOf } from "./rows.ts";
import { retold, type UndeliveredRow } from "./undelivered.ts";

export type Receivers = ReturnType<typeof receiverVerbs>;

/** What people do with receivers, and ask of them. */
export function receiverVerbs(parts: DeliverParts) {
  const { store, routing, limits } = parts;

  /** Throws `dead_letter.not_found`. */
  const letterOf = async (notification_id: string, receiver?: string): Promise<UndeliveredRow> => {
    const row = isId("notification", notification_id) ? await store.get("undelivered", { notification_id }) : undefined;
    if (row === undefined || (receiver !== undefined && row.receiver !== receiver)) {
      throw new Problem("dead_letter.not_found", { detail: `There is no dead letter ${notification_id}.` });
    }
    return row;
  };

  /** The letter is closed, and what takes its place put to what waits for the receiver: one write. */
  const redrive = async (
    ctx: RequestContext,
    { name, notification_id }: RouteInput<"redriveNotification">["params"],
    reason: string | undefined,
  ): Promise<UndeliveredRow> => {
    const receiver = receiverOf(routing, name);
    const before = await letterOf(notification_id, name);
    if (before.status === "redriven")
      throw new Problem("dead_letter.redriven", { detail: `${notification_id} was redriven already.` });
    const group_id = groupIdOf(before.notice.notification.groupKey);
    const members = (await store.all("alert_member", { group_id })).map(memberOf);
    const notice = retold(before, members, receiver, { at: ctx.now, external_url: parts.external_url() });
    const post = notice && (await postOf(store, { receiver, group_id, notice }, ctx.now));
    const left = post?.step.left;
    const ttl = expiryInDays(ctx.now, limits.retention_days.alerts);
    const after: UndeliveredRow = {
      ...before,
      status: "redriven",
      redriven_at: ctx.now,
      redriven_by: ctx.actor.id,
      reason,
      sent_as: left && (left.next ?? left.current).notification_id,
      ttl,
    };
    const mails = post?.changes ?? [];
    const closed: Change = { kind: "undelivered", before, after, events: [{ type: "monitor.notification_redriven" }] };
    const [row] = await parts.commit(ctx, [closed, ...mails], { made: notification_id });
    if (notice !== undefined) await parts.log.write(logEntriesOf(notice, "queued", ctx.now), ttl);
    if (post !== undefined) await noteDropped(parts, ctx.now, post.step);
    await parts.timers.set(mails.flatMap(mailDue), ctx.now);
    return row as UndeliveredRow;
  };

  return {
    /** Those in force, in the order of the configuration. */
    async list(): Promise<RouteReply<"listReceivers">> {
      const items = await Promise.all([...routing.receivers.values()].map((receiver) => receiverView(parts, receiver)));
      return { items, next_cursor: null };
    },

    /** Throws `receiver.not_found`. */
    deadLetters: (name: string, query: RouteInput<"listReceiverDeadLetters">["query"]) =>
      deadLettersOf(parts, name, query),

    /** A dead letter as it stands. */
    deadLetter: async (notification_id: string) => deadLetterView(await letterOf(notification_id)),

    /** Throws `receiver.not_found`, `dead_letter.not_found` or `dead_letter.redriven`. */
    redrive: async (
      ctx: RequestContext,
      params: RouteInput<"redriveNotification">["params"],
      reason: string | undefined,
    ) => deadLetterView(await untilSettled(() => redrive(ctx, params, reason))),

    /** Throws `receiver.not_found`. */
    test: async (ctx: RequestContext, name: string) => testView(await askTest(parts, ctx, name)),

    /** The last test of a receiver, as it stands. */
    async lastTest(receiver: string): Promise<RouteReply<"testReceiver">> {
      const row = await store.get("receiver_test", { receiver });
      if (row === undefined) throw new Problem("receiver.not_found");
      return testView(row);
    },
  };
}
