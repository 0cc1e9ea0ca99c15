import { derivedId } from "@omoios/kernel/ids";
import type { RequestContext } from "../commit.ts";
import { digest } from "../digest.ts";
import { addTasks } from "./add-tasks.ts";
import type { TicketRow } from "./model.ts";
import type { TicketParts } from "./parts.ts";

/** Makes the task that looks after a blocked ticket. Its id follows from the occurrence, so that it may be repeated and is made once. */
export async function makeRemediation(parts: TicketParts, ctx: RequestContext, ticket: TicketRow): Promise<void> {
  const task_id = derivedId("task", digest(ticket.ticket_id, "remediation", ticket.blocks));
  const draft = {
    task_id,
    title: `Unblock: ${ticket.title}`.slice(0, 200),
    description: `The ticket is blocked (${ticket.blocked_class}). ${ticket.blocked_reason ?? ""}\n\nFind out why it does not go on, and mend it or say what is needed.`,
    task_type: "remediation",
    phase_id: ticket.phase_id,
    priority: ticket.priority,
    required_capabilities: [],
    depends_on: [],
    template: "remediation",
  };
  await addTasks(parts, ctx, [draft], async () => {
    const before = (await parts.store.get("ticket", { ticket_id: ticket.ticket_id })) ?? ticket;
    return { before, after: before };
  });
}
