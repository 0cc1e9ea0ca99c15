import type { TimerMessage } from "@omoios/contracts/jobs";
import type { Instant } from "@omoios/kernel/clock";
import type { Change } from "../commit.ts";
import type { Store } from "../store.ts";
import type { MailStep } from "./dropped.ts";
import { deliveryIdOf, posted } from "./mailbox.ts";
import type { Notice } from "./notice.ts";
import type { Receiver } from "./routing-config.ts";

/** A notice that is put into its mailbox: what that writes, and what it does to that which waited there. */
export interface Post {
  changes: Change[];
  step: MailStep;
}

/** Puts a notice to what waits for its receiver; nothing is written yet. */
export async function postOf(
  store: Pick<Store, "get">,
  { receiver, group_id, notice }: { receiver: Receiver; group_id: string; notice: Notice },
  now: Instant,
): Promise<Post> {
  const delivery_id = deliveryIdOf(receiver, group_id);
  const before = await store.get("alert_delivery", { delivery_id });
  const left = posted(before, { delivery_id, notice }, now);
  const after = left && { ...left, version: before?.version ?? 0 };
  const step = { waited: [before?.current, before?.next, notice], left, tries: before?.tries ?? 0 };
  if (before === undefined && after === undefined) return { changes: [], step };
  return { changes: [{ kind: "alert_delivery", ...(before && { before }), ...(after && { after }) }], step };
}

/** What wakes a mailbox that was written. */
export const mailDue = (change: Change): TimerMessage[] =>
  change.kind === "alert_delivery" && change.after?.due_at !== undefined
    ? [{ kind: "alert_delivery", id: change.after.delivery_id, due_at: change.after.due_at }]
    : [];
