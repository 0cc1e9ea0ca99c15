import { command } from "../../command.ts";
import { ticketText } from "../../rows/ticket.ts";

export const ticketUnblock = command<[ticket_id: string], { reason: string }>({
  usage: "unblock <ticket_id>",
  about: "clear a ticket's block",
  options: (made) => made.requiredOption("--reason <text>", "why: it stays in the ticket's history"),
  async run(cli, [ticket_id], { reason }) {
    const ticket = await (await cli.client()).unblockTicket({ params: { ticket_id }, body: { reason } });
    cli.show(ticket, () => ticketText(cli, ticket));
  },
});
