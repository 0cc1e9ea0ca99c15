import type { RouteReply } from "@omoios/contracts/routes";
import type { Cli } from "../cli.ts";
import { fields } from "../output/fields.ts";
import { labelText } from "../output/labels.ts";
import type { Column } from "../output/table.ts";
import { ago, clockTime } from "../output/times.ts";

type Alert = RouteReply<"acknowledgeAlert">;
type Silence = RouteReply<"createSilence">;

export const alertColumns = (cli: Cli): Column<Alert>[] => [
  { head: "ALERT", value: (row) => row.alert_id },
  { head: "SEVERITY", value: (row) => row.severity, paint: cli.paintStatus },
  { head: "STATE", value: (row) => row.state, paint: cli.paintStatus },
  { head: "SINCE", value: (row) => ago(row.fired_at ?? row.pending_at, cli.terminal.now()), right: true },
  { head: "NAME", value: (row) => row.alertname },
  { head: "VALUE", value: (row) => (row.value === null ? "" : String(row.value)), right: true },
  { head: "LABELS", value: (row) => labelText(row.labels), cut: true },
];

export function alertText(cli: Cli, row: Alert): string {
  return fields([
    ["alert", row.alert_id],
    ["name", row.alertname],
    ["state", cli.paintStatus(row.state)],
    ["severity", cli.paintStatus(row.severity)],
    ["labels", labelText(row.labels)],
    ...Object.entries(row.annotations),
    ["metric", row.metric_name],
    ["value", row.value],
    ["threshold", row.threshold],
    ["runbook", row.runbook_url],
    ["brought by", row.brought_by && `${row.brought_by.id} with the authority ${row.brought_by.authority}`],
    ["pending", clockTime(row.pending_at)],
    ["fired", clockTime(row.fired_at)],
    ["taken on by", row.acknowledged_by && `${row.acknowledged_by} until ${clockTime(row.acknowledged_until)}`],
    ["and said", row.acknowledgement_note],
    ["resolved", row.resolved_at && `${clockTime(row.resolved_at)} by ${row.resolved_by ?? ""}`],
    ["note", row.resolution_note],
    ["before it", row.previous],
  ]);
}

export const silenceColumns = (cli: Cli): Column<Silence>[] => [
  { head: "SILENCE", value: (row) => row.silence_id },
  { head: "STATE", value: (row) => row.state, paint: cli.paintStatus },
  { head: "UNTIL", value: (row) => clockTime(row.ends_at) },
  { head: "EACH WEEK", value: weekly },
  { head: "MATCHERS", value: (row) => row.matchers.join(" "), cut: true },
  { head: "BY", value: (row) => row.author },
  { head: "COMMENT", value: (row) => row.comment, cut: true },
];

export function silenceText(cli: Cli, row: Silence): string {
  return fields([
    ["silence", row.silence_id],
    ["state", cli.paintStatus(row.state)],
    ["matchers", row.matchers.join("\n")],
    ["from", clockTime(row.starts_at)],
    ["until", clockTime(row.ends_at)],
    ["each week", weekly(row)],
    ["by", row.author],
    ["comment", row.comment],
  ]);
}

const weekly = ({ recurring }: Silence): string =>
  recurring === null
    ? ""
    : [recurring.weekdays?.join(","), recurring.hours?.join(","), recurring.zone].filter(Boolean).join(" ");
