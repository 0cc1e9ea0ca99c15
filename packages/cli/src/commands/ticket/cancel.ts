import { command } from "../../command.ts";
import { ticketText } from "../../rows/ticket.ts";

export const ticketCancel = command<[ticket_id: string], { reason: string }>({
  usage: "cancel <ticket_id>",
  about: "end a ticket and cancel its open tasks",
  options: (made) => made.requiredOption("--reason <text>", "why: it stays in the ticket's history"),
  async run(cli, [ticket_id], { reason }) {
    const ticket = await (await cli.client()).cancelTicket({ params: { ticket_id }, body: { reason } });
    cli.show(ticket, () => ticketText(cli, ticket));
  },
});
