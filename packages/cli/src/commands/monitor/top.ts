import { METRIC_NAMES } from "@omoios/contracts/metrics";
import { command } from "../../command.ts";
import { wholeNumber } from "../../parse-option.ts";
import { WrongUse } from "../../wrong-use.ts";
import { seriesTable } from "./series-table.ts";

export const monitorTop = command<[metric: string], { limit: number }>({
  usage: "top <metric>",
  about: "list the series of a metric with the highest values",
  options: (made) => made.option("--limit <number>", "how many at most", wholeNumber, 10),
  async run(cli, [metric], { limit }) {
    const by = METRIC_NAMES.find((name) => name === metric);
    if (by === undefined)
      throw new WrongUse(`there is no metric ${metric}: omoi monitor metrics shows those with samples`);
    const { items } = await (await cli.client()).listWorst({ query: { by, limit } });
    cli.show({ items }, () => seriesTable(cli, items));
  },
});
