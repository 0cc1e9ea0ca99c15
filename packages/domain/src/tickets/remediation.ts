import { shortened } from "@omoios/kernel/cut-text";
import { derivedId } from "@omoios/kernel/ids";
import type { RequestContext } from "../commit.ts";
import { digest } from "../digest.ts";
import { addTasks } from "./add-tasks.ts";
import { type CancelTask, cancelOpen } from "./cancel-task.ts";
import type { TicketRow } from "./model.ts";
import type { TicketParts } from "./parts.ts";

/** The task of a block: its id follows from the occurrence. */
export const remediationOf = ({ ticket_id, blocks }: Pick<TicketRow, "ticket_id" | "blocks">) =>
  derivedId("task", digest(ticket_id, "remediation", blocks));

/** Makes the task that looks after a blocked ticket. May be repeated: it is made once. Answers the ticket that counts it. */
export async function makeRemediation(parts: TicketParts, ctx: RequestContext, ticket: TicketRow): Promise<TicketRow> {
  const draft = {
    task_id: remediationOf(ticket),
    title: shortened(`Unblock: ${ticket.title}`, 200),
    description: `The ticket is blocked (${ticket.blocked_class}). ${ticket.blocked_reason ?? ""}\n\nFind out why it does not go on, and mend it or say what is needed.`,
    task_type: "remediation",
    phase_id: ticket.phase_id,
    priority: ticket.priority,
    required_capabilities: [],
    depends_on: [],
    template: "remediation",
  };
  const receive = async () => {
    const before = (await parts.store.get("ticket", { ticket_id: ticket.ticket_id })) ?? ticket;
    return { before, after: before };
  };
  return (await addTasks(parts, ctx, [draft], receive)).ticket;
}

/**
 * Cancels the task of the ticket's last block once that is over, unless an agent works on it: it would hold the phase's gate for nothing.
 * May be repeated. Not while the ticket is blocked again: the cancellation would count as its progress.
 */
export async function endRemediation(
  parts: TicketParts,
  ctx: RequestContext,
  ticket: TicketRow,
  cancel: CancelTask,
): Promise<void> {
  if (ticket.blocks === 0 || ticket.is_blocked || ticket.status !== "open") return;
  const task = await parts.store.get("task", { task_id: remediationOf(ticket) });
  if (task?.status === "ready" || task?.status === "pending") await cancelOpen(cancel, ctx, task.task_id, "block_over");
}
