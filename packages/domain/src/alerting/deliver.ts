import type { Instant } from "@omoios/kernel/clock";
import type { Change, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { expiryInDays } from "../expiry.ts";
import { type Attempt, judgeAttempt, type Verdict, wordsOf } from "./delivery.ts";
import { noteDropped } from "./dropped.ts";
import { begun, type DeliveryRow, isDue, judged, LOST_AFTER_MS } from "./mailbox.ts";
import { logEntriesOf, type Notice } from "./notice.ts";
import type { AlertParts } from "./parts.ts";
import { laterAt, type ReceiverSlots, type TryJudged, takeSlot } from "./receiver-slots.ts";
import type { Payload } from "./receivers/payload.ts";
import { payloadFor } from "./receivers/registry.ts";
import { renew } from "./renew.ts";
import type { Routing } from "./routing.ts";
import { groupIdOf } from "./rows.ts";
import { secretsOf, withSecrets } from "./secrets.ts";
import { undelivered } from "./undelivered.ts";

/** How a try went; `refused` where the plane itself will not send there. */
export type Sent = Attempt | { refused: string };

/** A notification that was given up. It names what it was about, and holds no address. */
export interface DeadNotification {
  notification_id: string;
  receiver: string;
  why: string;
  group_key: string;
}

/** What a function that delivers has beside the room's own parts. */
export interface Sender {
  /** The values of those names that the stage has. */
  secrets(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  send(payload: Payload): Promise<Sent>;
  dead(letter: DeadNotification): Promise<void>;
}

/** The room's parts, and who counts the tries under way. */
export type DeliverParts = AlertParts & { slots: ReceiverSlots };

/**
 * Delivers what waits for a receiver, if it is due: one try. Its outcome is kept, and the next try is set. Where as many are under way to
 * the receiver as it gets at a time, it is due again a little later.
 */
export async function deliver(
  parts: DeliverParts,
  sender: Sender,
  ctx: RequestContext,
  delivery_id: string,
): Promise<void> {
  const waiting = await parts.store.get("alert_delivery", { delivery_id });
  if (waiting === undefined || !isDue(waiting, ctx.now)) return;
  const { receiver } = waiting;
  // Of each call its own: a message that comes twice at once holds two slots for a moment, and begins one try.
  const holder = `${delivery_id}#${ctx.random()}`;
  const free = await takeSlot(parts.slots, ctx, { receiver, holder, lease_ms: LOST_AFTER_MS });
  if (free === undefined) return untilSettled(() => postpone(parts, ctx, delivery_id));
  try {
    await tryOnce(parts, sender, ctx, delivery_id);
  } finally {
    await free();
  }
}

async function tryOnce(parts: DeliverParts, sender: Sender, ctx: RequestContext, delivery_id: string): Promise<void> {
  while (await untilSettled(() => renew(parts, ctx, delivery_id)));
  const box = await untilSettled(() => begin(parts, ctx, delivery_id));
  if (box === undefined) return;
  const sent = await attempt(parts.routing, sender, ctx.now, box.current);
  const verdict = verdictOf(sent, box, ctx);
  const { notification_id, notification } = box.current;
  if (verdict.do === "dead_letter") {
    await sender.dead({
      notification_id,
      receiver: box.receiver,
      why: verdict.detail,
      group_key: notification.groupKey,
    });
  }
  const ttl = expiryInDays(ctx.now, parts.limits.retention_days.alerts);
  if (!parts.routing.receivers.has(box.receiver)) await untilSettled(() => lookAgain(parts, ctx, box));
  if (verdict.do === "done") await parts.log.write(logEntriesOf(box.current, "sent", ctx.now), ttl);
  await parts.log.writeTry(
    { notification_id, receiver: box.receiver, at: ctx.now, attempt: box.tries, ...outcomeOf(sent, verdict) },
    ttl,
  );
  await untilSettled(() => finish(parts, ctx, box, verdict));
  await parts.slots.judged(box.receiver, judgedTry(sent, verdict, ctx.now), ttl);
}

/**
 * The configuration names the receiver no more: whoever stands in its place is told by a look at the group, and not only when that would
 * repeat itself. The sweep finds it due, as who delivers sets no other timers.
 */
async function lookAgain({ store, commit }: AlertParts, ctx: RequestContext, { current }: DeliveryRow) {
  const group_id = groupIdOf(current.notification.groupKey);
  const before = await store.get("alert_group", { group_id });
  if (before === undefined || isDue(before, ctx.now)) return;
  await commit(ctx, [{ kind: "alert_group", before, after: { ...before, due_at: ctx.now } }]);
}

/** What is kept of a try for its receiver's sake. */
export const judgedTry = (sent: Sent, verdict: Verdict, at: Instant): TryJudged => ({
  at,
  delivered: verdict.do === "done",
  well: isWell(sent, verdict),
  detail: detailOf(sent),
});

/** A receiver that answers is well, whatever it says of the notification. What the stage itself lacks says nothing of it. */
function isWell(sent: Sent, verdict: Verdict): boolean | undefined {
  if ("refused" in sent || ("fault" in sent && sent.fault === "secret")) return undefined;
  return "status" in sent && sent.status < 500 && verdict.do !== "retry";
}

/** It stays as it is until a little later. */
async function postpone({ store, commit, timers }: AlertParts, ctx: RequestContext, delivery_id: string) {
  const before = await store.get("alert_delivery", { delivery_id });
  if (before === undefined || !isDue(before, ctx.now)) return;
  const due_at = laterAt(before.since, ctx.now, ctx.random);
  await commit(ctx, [{ kind: "alert_delivery", before, after: { ...before, due_at } }]);
  await timers.set([{ kind: "alert_delivery", id: delivery_id, due_at }], ctx.now);
}

async function begin({ store, commit }: AlertParts, ctx: RequestContext, delivery_id: string) {
  const before = await store.get("alert_delivery", { delivery_id });
  const after = before && begun(before, ctx.now);
  if (before === undefined || after === undefined) return undefined;
  const [row] = await commit(ctx, [{ kind: "alert_delivery", before, after: { ...before, ...after } }]);
  return row as DeliveryRow;
}

/** One try to send a notice to its receiver, with its secrets filled in. */
export async function attempt(routing: Routing, sender: Sender, now: Instant, notice: Notice): Promise<Sent> {
  const named = routing.receivers.get(notice.receiver);
  if (named === undefined) return { refused: "the configuration has no such receiver any more" };
  const names = secretsOf(named);
  const filled = withSecrets(named, names.length === 0 ? new Map() : await sender.secrets(names));
  // Whoever sets the secret later is still told.
  if (!filled.ok) return { fault: "secret", missing: filled.missing };
  return sender.send(payloadFor(filled.receiver, notice, now));
}

/** What a try leads to. */
export function verdictOf(
  sent: Sent,
  { tries, since }: Pick<DeliveryRow, "tries" | "since">,
  { now, random }: Pick<RequestContext, "now" | "random">,
): Verdict {
  if ("refused" in sent) return { do: "dead_letter", why: "refused", detail: sent.refused };
  return judgeAttempt(sent, { tries, since, now, random });
}

const detailOf = (sent: Sent): string => ("refused" in sent ? sent.refused : wordsOf(sent));

const outcomeOf = (sent: Sent, verdict: Verdict) => ({
  outcome: verdict.do === "done" ? ("delivered" as const) : verdict.do === "retry" ? ("retried" as const) : verdict.why,
  detail: detailOf(sent),
  ...(verdict.do === "retry" ? { next_at: verdict.at } : {}),
});

/** Another process may have taken the try for lost and begun its own: then the outcome is that one's to tell. */
async function finish(parts: AlertParts, ctx: RequestContext, box: DeliveryRow, verdict: Verdict) {
  const { store, commit, timers } = parts;
  const { delivery_id } = box;
  const before = await store.get("alert_delivery", { delivery_id });
  if (before === undefined || before.tries !== box.tries || before.trying_until !== box.trying_until) return;
  const after = judged(before, verdict, ctx.now);
  const row = after && { ...after, version: before.version };
  const changes: Change[] = [{ kind: "alert_delivery", before, ...(row && { after: row }) }];
  if (verdict.do === "dead_letter") {
    const after = undelivered(before, verdict, ctx.now, expiryInDays(ctx.now, parts.limits.retention_days.alerts));
    changes.push({
      kind: "undelivered",
      after,
      overwrite: true,
      events: [{ type: "monitor.notification_given_up" }],
    });
  }
  await commit(ctx, changes);
  const waited = [before.next, ...(verdict.do === "retry" ? [before.current] : [])];
  await noteDropped(parts, ctx.now, { waited, left: after, tries: before.tries });
  if (row !== undefined) await timers.set([{ kind: "alert_delivery", id: delivery_id, due_at: row.due_at }], ctx.now);
}
