import { toRfc3339 } from "@omoios/kernel/clock";
import { derivedId, newId } from "@omoios/kernel/ids";
import type { RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { digest, shortDigest } from "../digest.ts";
import { expiryInDays } from "../expiry.ts";
import { attempt, type DeliverParts, judgedTry, type Sender, verdictOf } from "./deliver.ts";
import { bodyWith, NOT_ENDED, type Notice } from "./notice.ts";
import { receiverOf } from "./receiver-queries.ts";
import type { Receiver } from "./routing-config.ts";
import type { ReceiverTestRow } from "./rows.ts";

/** A try takes 15 s at most, and the one who asks can be kept for 29. */
const WAIT_MS = 22_000;
const LOOK_EVERY_MS = 200;

/**
 * Has a receiver sent a notification of a test by the function that delivers, and waits for what it answers; the row has no outcome where
 * none came in time. A lost message is not made good: who asked waits for the answer, and asks again. Throws `receiver.not_found`.
 */
export async function askTest(parts: DeliverParts, ctx: RequestContext, name: string): Promise<ReceiverTestRow> {
  const { store, commit, timers, limits, slots } = parts;
  receiverOf(parts.routing, name);
  const asked = {
    receiver: name,
    notification_id: newId("notification", ctx.random),
    asked_at: ctx.now,
    asked_by: ctx.actor.id,
    begun: false,
    ttl: expiryInDays(ctx.now, limits.retention_days.alerts),
  };
  await untilSettled(async () => {
    const before = await store.get("receiver_test", { receiver: name });
    const after = { ...asked, version: before?.version ?? 0 };
    const events = [{ type: "monitor.receiver_tested" as const }];
    return commit(ctx, [{ kind: "receiver_test", ...(before && { before }), after, events, renews: true }], {
      made: name,
    });
  });
  await timers.set([{ kind: "receiver_test", id: name, due_at: ctx.now }], ctx.now);
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const row = await store.get("receiver_test", { receiver: name });
    if (row === undefined || row.outcome !== undefined || waited >= WAIT_MS) return row ?? { ...asked, version: 1 };
    await slots.sleep(LOOK_EVERY_MS);
  }
}

/** Sends what a test of that receiver has waiting: its begin, and its end if that was taken. */
export async function sendTest(parts: DeliverParts, sender: Sender, ctx: RequestContext, name: string): Promise<void> {
  const { store, commit, routing, slots } = parts;
  const begun = await untilSettled(async () => {
    const before = await store.get("receiver_test", { receiver: name });
    if (before === undefined || before.begun) return undefined;
    const [row] = await commit(ctx, [{ kind: "receiver_test", before, after: { ...before, begun: true } }]);
    return row as ReceiverTestRow;
  });
  const receiver = routing.receivers.get(name);
  if (begun === undefined || receiver === undefined) return;
  const send = async (notice: Notice) => {
    const sent = await attempt(routing, sender, ctx.now, notice);
    const verdict = verdictOf(sent, { tries: 1, since: ctx.now }, ctx);
    const judged = judgedTry(sent, verdict, ctx.now);
    await slots.judged(name, judged, begun.ttl ?? 0);
    return { verdict, detail: judged.detail };
  };
  const { begin, end } = testNotices(receiver, begun, parts.external_url());
  const first = await send(begin);
  const { verdict, detail } = first.verdict.do === "done" && receiver.send_resolved ? await send(end) : first;
  const outcome = verdict.do === "done" ? "delivered" : verdict.do === "retry" ? "failed" : "refused";
  await untilSettled(async () => {
    const before = await store.get("receiver_test", { receiver: name });
    // Another one was asked for meanwhile, and is told of its own.
    if (before?.notification_id !== begun.notification_id) return;
    await commit(ctx, [{ kind: "receiver_test", before, after: { ...before, tried_at: ctx.now, outcome, detail } }]);
  });
}

/** An alert of its own that begins and is over at once, so that nothing stays open where the receiver hears of ends. */
function testNotices(
  { name }: Receiver,
  { notification_id, asked_at, asked_by }: ReceiverTestRow,
  externalURL: string,
): { begin: Notice; end: Notice } {
  const labels = { alertname: "receiver_test", receiver: name, severity: "info" };
  const line = {
    status: "firing" as const,
    labels,
    annotations: { summary: `This is a test of the receiver ${name}, asked for by ${asked_by}` },
    startsAt: toRfc3339(asked_at),
    endsAt: NOT_ENDED,
    generatorURL: `${externalURL}/api/v1/receivers`,
    fingerprint: shortDigest("receiver_test", notification_id),
  };
  const groupKey = `receiver_test:{notification_id="${notification_id}"}`;
  const empty = { version: "4" as const, groupKey, truncatedAlerts: 0, status: "firing" as const, receiver: name };
  const body = { ...empty, groupLabels: labels, commonLabels: {}, commonAnnotations: {}, externalURL, alerts: [] };
  const begin: Notice = {
    notification_id,
    receiver: name,
    at: asked_at,
    why: "test",
    thread: shortDigest("thread", notification_id),
    first: true,
    notification: bodyWith(body, [line], []),
    fresh: [],
  };
  const end: Notice = {
    ...begin,
    notification_id: derivedId("notification", digest("test_over", notification_id)),
    first: false,
    notification: bodyWith(body, [{ ...line, status: "resolved", endsAt: toRfc3339(asked_at) }], []),
  };
  return { begin, end };
}
