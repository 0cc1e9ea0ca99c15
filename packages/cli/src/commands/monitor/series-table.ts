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
      { head: "P95", value: ({ p95 }) => (p95 === null ? "–" : valueText(p95)), right: true },
      { head: "DETECTOR", value: ({ learning }) => (learning ? "learning" : "judges") },
      { head: "AT", value: ({ timestamp }) => clockTime(timestamp) },
    ],
    "no samples",
  );
}
