import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { clockTime, span } from "../../output/times.ts";
import { wholeNumber } from "../../parse-option.ts";

export const ticketHistory = command<[ticket_id: string], { limit: number }>({
  usage: "history <ticket_id>",
  about: "list the phases that a ticket went through, newest first",
  options: (made) => made.option("--limit <number>", "how many at most", wholeNumber, 500),
  async run(cli, [ticket_id], { limit }) {
    const page = await firstItems(await cli.client(), "getTicketHistory", { params: { ticket_id } }, limit);
    cli.showList(page, { limit }, () =>
      cli.table(
        page.items,
        [
          { head: "AT", value: ({ at }) => clockTime(at) },
          { head: "FROM", value: ({ from }) => from ?? "" },
          { head: "TO", value: ({ to }) => to },
          { head: "AFTER", value: ({ time_spent_seconds }) => span(time_spent_seconds), right: true },
          { head: "WHO", value: ({ who }) => who, cut: true },
          { head: "WHY", value: ({ why, forced }) => (forced ? `forced: ${why}` : why), cut: true },
        ],
        "no history",
      ),
    );
  },
});
