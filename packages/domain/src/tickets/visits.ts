import type { TicketRow } from "./model.ts";
import type { TicketParts } from "./parts.ts";
import type { Visit } from "./visit.ts";

/** The ticket's visit as templates see it: its facts, and why it came back, newest last. */
export async function visitOf({ store }: Pick<TicketParts, "store">, ticket: TicketRow): Promise<Visit> {
  const [body, visits] = await Promise.all([
    store.get("ticket_body", { ticket_id: ticket.ticket_id }),
    store.all("visit", { ticket_id: ticket.ticket_id }),
  ]);
  return {
    ticket: {
      ticket_id: ticket.ticket_id,
      title: ticket.title,
      description: body?.description ?? null,
      priority: ticket.priority,
      external_ref: ticket.external_ref ?? null,
      labels: ticket.labels,
    },
    number: ticket.visit,
    feedback: visits.filter(({ backward }) => backward).map(({ why }) => why),
  };
}
