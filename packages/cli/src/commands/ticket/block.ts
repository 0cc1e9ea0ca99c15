import { command } from "../../command.ts";
import { ticketText } from "../../rows/ticket.ts";

export const ticketBlock = command<[ticket_id: string], { reason: string }>({
  usage: "block <ticket_id>",
  about: "mark a ticket blocked; its tasks stay claimable",
  options: (made) => made.requiredOption("--reason <text>", "why: it stays in the ticket's history"),
  async run(cli, [ticket_id], { reason }) {
    const ticket = await (await cli.client()).blockTicket({ params: { ticket_id }, body: { reason } });
    cli.show(ticket, () => ticketText(cli, ticket));
  },
});
