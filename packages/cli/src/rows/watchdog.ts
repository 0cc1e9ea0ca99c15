import type { RouteReply } from "@omoios/contracts/routes";
import type { Cli } from "../cli.ts";
import { fields } from "../output/fields.ts";
import type { Column } from "../output/table.ts";
import { ago, clockTime } from "../output/times.ts";
import { switchColumn } from "./switches.ts";

type Remediation = RouteReply<"getWatchdogAction">;
type Policy = RouteReply<"listWatchdogPolicies">["items"][number];
type Beat = RouteReply<"getWatchdogStatus">["beats"][number];

export const remediationColumns = (cli: Cli): Column<Remediation>[] => [
  { head: "REMEDIATION", value: (row) => row.remediation_id },
  { head: "POLICY", value: (row) => row.policy },
  { head: "STATE", value: stateOf, paint: cli.paintStatus },
  { head: "SINCE", value: (row) => ago(row.opened_at, cli.terminal.now()), right: true },
  { head: "TARGET", value: (row) => row.target.id },
  {
    head: "STEPS",
    value: (row) => row.steps.map(({ action, outcome }) => `${action}: ${outcome}`).join(", "),
    cut: true,
  },
  { head: "WHY", value: (row) => row.why ?? "", cut: true },
];

export function remediationText(cli: Cli, row: Remediation): string {
  const steps = row.steps.map(
    ({ started_at, action, outcome, why }) =>
      `${clockTime(started_at)}  ${action.padEnd(13)}  ${outcome.padEnd(12)}  ${why}\n`,
  );
  const text = fields([
    ["remediation", row.remediation_id],
    ["policy", row.policy],
    ["target", `${row.target.kind} ${row.target.id}`],
    ["state", cli.paintStatus(stateOf(row))],
    ["why", row.why],
    ["alert", row.alert_id && `${row.alertname ?? ""} ${row.alert_id}`],
    ["event", row.event_id],
    ["asked for by", row.requested_by],
    ["correlation", row.correlation_id],
    ["opened", clockTime(row.opened_at)],
    ["begun", clockTime(row.started_at)],
    ["ended", clockTime(row.ended_at)],
    ["looked at next", clockTime(row.due_at)],
    ["still to come", row.actions_left.join(", ")],
  ]);
  return steps.length === 0 ? text : `${text}\n${steps.join("")}`;
}

export const policyColumns = (cli: Cli): Column<Policy>[] => [
  { head: "POLICY", value: (row) => row.name },
  {
    head: "STATE",
    value: (row) =>
      row.switched_off ? "switched off" : row.enabled ? (row.dry_run ? "dry run" : "enabled") : "disabled",
    paint: cli.paintStatus,
  },
  { head: "TRIGGERS", value: (row) => row.triggers.map(({ alert, event }) => alert ?? event ?? "").join(", ") },
  { head: "ACTIONS", value: (row) => row.actions.map(({ type }) => type).join(", ") },
  { head: "PER TARGET", value: (row) => row.limits.per_target },
  { head: "PER FLEET", value: (row) => row.limits.per_fleet },
  { head: "THEN", value: (row) => row.escalation.to },
  switchColumn,
];

export const beatColumns = (cli: Cli): Column<Beat>[] => [
  { head: "PART", value: (row) => row.part },
  { head: "STATE", value: (row) => (row.late ? "late" : "in time"), paint: cli.paintStatus },
  { head: "AGO", value: (row) => ago(row.at, cli.terminal.now()), right: true },
  { head: "TOOK", value: (row) => `${row.duration_ms} ms`, right: true },
  { head: "REACHED", value: (row) => row.reached, cut: true },
];

/** What it is at, or what came of it. */
const stateOf = ({ status, outcome }: Remediation): string => outcome ?? status;
