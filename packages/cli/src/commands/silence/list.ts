import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { wholeNumber } from "../../parse-option.ts";
import { silenceColumns } from "../../rows/alert.ts";

export const silenceList = command<[], { limit: number }>({
  usage: "list",
  about: "list silences, also those that ended not long ago",
  options: (made) => made.option("--limit <number>", "how many at most", wholeNumber, 50),
  async run(cli, _, { limit }) {
    const page = await firstItems(await cli.client(), "listSilences", {}, limit);
    cli.showList(page, { limit }, () => cli.table(page.items, silenceColumns(cli), "no silences"));
  },
});
