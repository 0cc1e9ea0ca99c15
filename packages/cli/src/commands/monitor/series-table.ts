import type { RouteReply } from "@omoios/contracts/routes";
import type { Cli } from "../../cli.ts";
import { labelText } from "../../output/labels.ts";
import { clockTime } from "../../output/times.ts";
import { valueText } from "./texts.ts";

export function seriesTable(cli: Cli, series: RouteReply<"listSeries">["items"]): string {
  return cli.table(
    series,
    [
      { head: "METRIC", value: ({ metric_name }) => metric_name },
      { head: "LABELS", value: ({ labels }) => labelText(labels), cut: true },
      { head: "VALUE", value: ({ value }) => valueText(value), right: true },
      { head: "AT", value: ({ timestamp }) => clockTime(timestamp) },
    ],
    "no samples",
  );
}
