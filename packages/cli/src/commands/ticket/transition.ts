import { command } from "../../command.ts";
import { given } from "../../parse-option.ts";
import { ticketText } from "../../rows/ticket.ts";

export const ticketTransition = command<[ticket_id: string, to_phase: string], { reason: string; force?: boolean }>({
  usage: "transition <ticket_id> <to_phase>",
  about: "move a ticket to a phase that its phase allows",
  options: (made) =>
    made
      .requiredOption("--reason <text>", "why; going back, it is the feedback that new tasks carry")
      .option("--force", "skip the gate, never the table; needs authority GUARDIAN"),
  async run(cli, [ticket_id, to_phase], { reason, force }) {
    const body = { to_phase, reason, ...given({ force }) };
    const ticket = await (await cli.client()).transitionTicket({ params: { ticket_id }, body });
    cli.show(ticket, () => ticketText(cli, ticket));
  },
});
