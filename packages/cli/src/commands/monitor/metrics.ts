import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { given, wholeNumber } from "../../parse-option.ts";
import { seriesTable } from "./series-table.ts";

export const monitorMetrics = command<[], { metric?: string; limit: number }>({
  usage: "metrics",
  about: "list series with their last values",
  options: (made) =>
    made
      .option("--metric <name>", "those of this metric")
      .option("--limit <number>", "how many at most", wholeNumber, 100),
  async run(cli, _, { metric: metric_name, limit }) {
    const page = await firstItems(await cli.client(), "listSeries", { query: given({ metric_name }) }, limit);
    cli.showList(page, { limit }, () => seriesTable(cli, page.items));
  },
});
