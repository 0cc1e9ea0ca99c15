import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import { timeOrNull, toRfc3339 } from "@omoios/kernel/clock";
import { Problem } from "@omoios/kernel/problem";
import type { DeliverParts } from "./deliver.ts";
import { earliest } from "./gates.ts";
import { alertIdOf } from "./notice.ts";
import type { Routing } from "./routing.ts";
import type { Receiver } from "./routing-config.ts";
import type { ReceiverTestRow } from "./rows.ts";
import type { UndeliveredRow } from "./undelivered.ts";

type ReceiverView = RouteReply<"listReceivers">["items"][number];
type DeadLetterView = RouteReply<"redriveNotification">;

/** Rows that are counted of a receiver. */
const COUNTED = 100;
/** Alerts that a dead letter shows. */
const SHOWN = 10;

/** Throws `receiver.not_found`. */
export function receiverOf({ receivers }: Pick<Routing, "receivers">, name: string): Receiver {
  const receiver = receivers.get(name);
  if (receiver === undefined) throw new Problem("receiver.not_found", { detail: `There is no receiver ${name}.` });
  return receiver;
}

/** A receiver and how it does, as the API shows it: never where it is, or with which key. */
export async function receiverView(
  { store, slots }: Pick<DeliverParts, "store" | "slots">,
  { name, type, send_resolved }: Receiver,
): Promise<ReceiverView> {
  const [{ rows: boxes }, { rows: letters }, health, test] = await Promise.all([
    store.list("alert_delivery", `deliveries#${name}`, { limit: COUNTED }),
    store.list("undelivered", `undelivered#open#${name}`, { limit: COUNTED }),
    slots.health(name),
    store.get("receiver_test", { receiver: name }),
  ]);
  const { failures, last_success_at, last_failure } = health;
  return {
    name,
    type,
    send_resolved,
    waiting: {
      groups: boxes.length,
      since: timeOrNull(earliest(boxes.map(({ since }) => since))),
      next_try_at: timeOrNull(earliest(boxes.map(({ due_at }) => due_at))),
    },
    failures_in_a_row: failures,
    last_success_at: timeOrNull(last_success_at),
    last_failure: last_failure === undefined ? null : { ...last_failure, at: toRfc3339(last_failure.at) },
    dead_letters: letters.length,
    last_test: test === undefined ? null : testView(test),
  };
}

/** A notification that was given up, as the API shows it. */
export function deadLetterView(row: UndeliveredRow): DeadLetterView {
  const { groupKey, status: says, alerts, truncatedAlerts } = row.notice.notification;
  return {
    id: row.notification_id,
    receiver: row.receiver,
    status: row.status,
    outcome: row.outcome,
    detail: row.detail,
    tries: row.tries,
    since: toRfc3339(row.since),
    at: toRfc3339(row.at),
    group_key: groupKey,
    says,
    alerts: alerts.slice(0, SHOWN).map((line) => ({
      alert_id: alertIdOf(line),
      status: line.status,
      labels: line.labels,
    })),
    alert_count: alerts.length + truncatedAlerts,
    redriven_at: timeOrNull(row.redriven_at),
    redriven_by: row.redriven_by ?? null,
    reason: row.reason ?? null,
    sent_as: row.sent_as ?? null,
  };
}

/** A test, as the API shows it. */
export const testView = (row: ReceiverTestRow): RouteReply<"testReceiver"> => ({
  receiver: row.receiver,
  notification_id: row.notification_id,
  asked_at: toRfc3339(row.asked_at),
  asked_by: row.asked_by,
  tried_at: timeOrNull(row.tried_at),
  outcome: row.outcome ?? null,
  detail: row.detail ?? null,
});

/** A page of what was given up of a receiver. One that the configuration names no more has its dead letters still. */
export async function deadLettersOf(
  { store, routing }: Pick<DeliverParts, "store" | "routing">,
  name: string,
  { status, ...page }: RouteInput<"listReceiverDeadLetters">["query"],
): Promise<RouteReply<"listReceiverDeadLetters">> {
  const { rows, cursor } = await store.list("undelivered", `undelivered#${status}#${name}`, {
    ...page,
    newest_first: true,
  });
  if (rows.length === 0) receiverOf(routing, name);
  return { items: rows.map(deadLetterView), next_cursor: cursor ?? null };
}
