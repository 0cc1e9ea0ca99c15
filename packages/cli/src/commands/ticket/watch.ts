import { wait } from "@omoios/sdk/wait";
import { command } from "../../command.ts";
import { EXIT } from "../../failure.ts";
import { firstItems } from "../../lists.ts";
import { positiveNumber } from "../../parse-option.ts";
import { ticketText } from "../../rows/ticket.ts";

const ENDED: ReadonlySet<string> = new Set(["done", "cancelled", "rejected"]);

export const ticketWatch = command<[ticket_id: string], { everySeconds: number }>({
  usage: "watch <ticket_id>",
  about: "tell how a ticket gets on until it ends; exit code 1 unless it ends done",
  options: (made) => made.option("--every-seconds <number>", "pause between two looks", positiveNumber, 2),
  async run(cli, [ticket_id], { everySeconds }) {
    const client = await cli.client();
    const request = { params: { ticket_id } };
    for (let told = ""; ; ) {
      const ticket = await client.getTicket(request);
      const { items, more } = await firstItems(client, "listTicketTasks", request, 500);
      const ended = items.filter(({ status }) => status === "completed" || status === "cancelled").length;
      const now = `${ticket.phase_id}  ${ticket.status}  ${ended} of ${more ? "the first " : ""}${items.length} tasks ended`;
      if (now !== told) cli.note(now);
      told = now;
      if (ENDED.has(ticket.status)) {
        cli.show(ticket, () => ticketText(cli, ticket));
        return ticket.status === "done" ? EXIT.done : EXIT.no;
      }
      await wait(everySeconds * 1000);
    }
  },
});
