import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { given, wholeNumber } from "../../parse-option.ts";
import { deadLetterColumns } from "../../rows/receiver.ts";

interface Options {
  status?: "open" | "redriven";
  limit: number;
}

export const receiversDeadLetters = command<[name: string], Options>({
  usage: "dead-letters <name>",
  about: "list the notifications to a receiver that were given up, newest first",
  options: (made) =>
    made
      .option("--status <word>", "open or redriven; open unless given")
      .option("--limit <number>", "how many at most", wholeNumber, 50),
  async run(cli, [name], { status, limit }) {
    const request = { params: { name }, query: given({ status }) };
    const page = await firstItems(await cli.client(), "listReceiverDeadLetters", request, limit);
    cli.showList(page, { limit }, () => cli.table(page.items, deadLetterColumns(), "no dead letters"));
  },
});
