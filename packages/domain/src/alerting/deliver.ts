import type { RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { type Attempt, judgeAttempt, type Verdict } from "./delivery.ts";
import { begun, type DeliveryRow, judged } from "./mailbox.ts";
import type { AlertParts } from "./parts.ts";
import type { Payload } from "./receivers/payload.ts";
import { payloadFor } from "./receivers/registry.ts";
import { secretsOf, withSecrets } from "./secrets.ts";
import { ttlOf } from "./take-step.ts";

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

/** Delivers what waits for a receiver, if it is due: one try. Its outcome is kept, and the next try is set. */
export async function deliver(
  parts: AlertParts,
  sender: Sender,
  ctx: RequestContext,
  delivery_id: string,
): Promise<void> {
  const box = await untilSettled(() => begin(parts, ctx, delivery_id));
  if (box === undefined) return;
  const sent = await attempt(parts, sender, ctx, box);
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
  await parts.log.writeTry(
    { notification_id, receiver: box.receiver, at: ctx.now, attempt: box.tries, ...outcomeOf(sent, verdict) },
    ttlOf(ctx.now, parts.limits.retention_days.alerts),
  );
  await untilSettled(() => finish(parts, ctx, box, verdict));
}

async function begin({ store, commit }: AlertParts, ctx: RequestContext, delivery_id: string) {
  const before = await store.get("alert_delivery", { delivery_id });
  const after = before && begun(before, ctx.now);
  if (before === undefined || after === undefined) return undefined;
  const [row] = await commit(ctx, [{ kind: "alert_delivery", before, after: { ...before, ...after } }]);
  return row as DeliveryRow;
}

async function attempt(
  { routing }: AlertParts,
  sender: Sender,
  ctx: RequestContext,
  { receiver: name, current }: DeliveryRow,
): Promise<Sent> {
  const named = routing.receivers.get(name);
  if (named === undefined) return { refused: "the configuration has no such receiver any more" };
  const names = secretsOf(named);
  const filled = withSecrets(named, names.length === 0 ? new Map() : await sender.secrets(names));
  // Whoever sets the secret later is still told.
  if (!filled.ok) return { fault: "secret" };
  return sender.send(payloadFor(filled.receiver, current, ctx.now));
}

function verdictOf(sent: Sent, { tries, since }: DeliveryRow, { now, random }: RequestContext): Verdict {
  if ("refused" in sent) return { do: "dead_letter", why: "refused", detail: sent.refused };
  return judgeAttempt(sent, { tries, since, now, random });
}

const outcomeOf = (sent: Sent, verdict: Verdict) => ({
  outcome: verdict.do === "done" ? ("delivered" as const) : verdict.do === "retry" ? ("retried" as const) : verdict.why,
  detail: "refused" in sent ? sent.refused : "status" in sent ? `answered ${sent.status}` : `${sent.fault} fault`,
  ...(verdict.do === "retry" ? { next_at: verdict.at } : {}),
});

/** Another process may have taken the try for lost and begun its own: then the outcome is that one's to tell. */
async function finish({ store, commit, timers }: AlertParts, ctx: RequestContext, box: DeliveryRow, verdict: Verdict) {
  const { delivery_id } = box;
  const before = await store.get("alert_delivery", { delivery_id });
  if (before === undefined || before.tries !== box.tries || before.trying_until !== box.trying_until) return;
  const after = judged(before, verdict, ctx.now);
  if (after === undefined) {
    await commit(ctx, [{ kind: "alert_delivery", before }]);
    return;
  }
  const row = { ...after, version: before.version };
  await commit(ctx, [{ kind: "alert_delivery", before, after: row }]);
  await timers.set([{ kind: "alert_delivery", id: delivery_id, due_at: row.due_at }], ctx.now);
}
