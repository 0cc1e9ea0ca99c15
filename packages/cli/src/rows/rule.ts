import type { RouteReply } from "@omoios/contracts/routes";
import type { Cli } from "../cli.ts";
import { fields } from "../output/fields.ts";
import { labelText } from "../output/labels.ts";
import type { Column } from "../output/table.ts";
import { clockTime } from "../output/times.ts";

type Rule = RouteReply<"getAlertRule">;

export const ruleColumns = (cli: Cli): Column<Rule>[] => [
  { head: "RULE", value: (row) => row.name },
  { head: "SEVERITY", value: (row) => row.severity, paint: cli.paintStatus },
  { head: "FROM", value: (row) => row.source },
  { head: "ENABLED", value: enabled },
  { head: "FOR", value: (row) => row.for },
  { head: "METRIC", value: metric },
  { head: "CONDITION", value: (row) => row.condition, cut: true },
];

export function ruleText(cli: Cli, row: Rule): string {
  const { datapoints } = row;
  return fields([
    ["rule", row.name],
    ["from", row.source],
    ["enabled", enabled(row)],
    ["severity", cli.paintStatus(row.severity)],
    ["metric", metric(row)],
    ["condition", row.condition],
    ["resolved when", row.resolve_condition],
    ["for", row.for],
    ["keeps firing for", row.keep_firing_for],
    ["datapoints", datapoints && `${datapoints.breaching} of ${datapoints.of}`],
    ["without data", row.no_data],
    ["told again after", row.deduplication_window],
    ["routing", row.routing.join(", ")],
    ["labels", labelText(row.labels)],
    ["runbook", row.runbook_url],
    ...Object.entries(row.annotations),
    ["version", row.version],
    ["made", clockTime(row.created_at)],
    ["changed", row.updated_at && `${clockTime(row.updated_at)} by ${row.updated_by ?? ""}`],
  ]);
}

const enabled = (row: Rule): string => (row.enabled ? "yes" : "no");

const metric = ({ metric: name, metric_name }: Rule): string => name ?? metric_name ?? "";
