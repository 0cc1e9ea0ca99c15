import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { labelText } from "../../output/labels.ts";
import { clockTime } from "../../output/times.ts";
import { given, wholeNumber } from "../../parse-option.ts";
import { valueText } from "./texts.ts";

interface Options {
  metric?: string;
  open?: true;
  limit: number;
}

export const monitorAnomalies = command<[], Options>({
  usage: "anomalies",
  about: "list what was strange about series, newest first",
  options: (made) =>
    made
      .option("--metric <name>", "those of this metric")
      .option("--open", "those that are not over")
      .option("--limit <number>", "how many at most", wholeNumber, 50),
  async run(cli, _, { metric: metric_name, open, limit }) {
    const query = given({ metric_name, open: open && ("true" as const) });
    const page = await firstItems(await cli.client(), "listAnomalies", { query }, limit);
    cli.showList(page, { limit }, () =>
      cli.table(
        page.items,
        [
          { head: "DETECTED", value: ({ detected_at }) => clockTime(detected_at) },
          { head: "OVER", value: ({ cleared_at }) => (cleared_at === null ? "no" : clockTime(cleared_at)) },
          { head: "SEVERITY", value: ({ severity }) => severity },
          { head: "KIND", value: ({ kind }) => kind },
          { head: "METRIC", value: (row) => row.metric_name },
          { head: "LABELS", value: ({ labels }) => labelText(labels), cut: true },
          { head: "EXPECTED", value: ({ baseline }) => valueText(baseline), right: true },
          { head: "CAME", value: ({ observed }) => valueText(observed), right: true },
        ],
        "no anomaly",
      ),
    );
  },
});
