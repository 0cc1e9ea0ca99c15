import type { RouteReply } from "@omoios/contracts/routes";
import type { Cli } from "../cli.ts";
import { fields } from "../output/fields.ts";
import { labelText } from "../output/labels.ts";
import type { Column } from "../output/table.ts";
import { ago, clockTime } from "../output/times.ts";
import { switchColumn } from "./switches.ts";

type Intervention = RouteReply<"getIntervention">;
type Policy = RouteReply<"listGuardianPolicies">["items"][number];

export const interventionColumns = (cli: Cli): Column<Intervention>[] => [
  { head: "ACTION", value: (row) => row.action_id },
  { head: "WHAT", value: (row) => row.action },
  { head: "STATUS", value: (row) => row.status, paint: cli.paintStatus },
  { head: "AGE", value: (row) => ago(row.at, cli.terminal.now()), right: true },
  { head: "TARGET", value: (row) => row.target.id },
  { head: "BY", value: (row) => row.by.id },
  { head: "REASON", value: (row) => row.reason, cut: true },
];

export function interventionText(cli: Cli, row: Intervention): string {
  const { rollback_refused: refused } = row;
  return fields([
    ["action", row.action_id],
    ["what", row.action],
    ["target", `${row.target.kind} ${row.target.id}`],
    ["parameters", labelText(row.parameters)],
    ["status", cli.paintStatus(row.status)],
    ["before", labelText(row.before)],
    ["after", labelText(row.after)],
    ["reason", row.reason],
    ["by", `${row.by.id} (${row.by.authority})`],
    ["policy", row.policy],
    ["cause", row.cause],
    ["at", clockTime(row.at)],
    ["rolls back", clockTime(row.rollback_at)],
    ["reverted", row.reverted_at && `${clockTime(row.reverted_at)} by ${row.reverted_by?.id ?? ""}`],
    ["because", row.revert_reason],
    ["refused", row.refused && `${row.refused.code}: ${row.refused.why}`],
    ["not rolled back", refused && `${clockTime(refused.at)}: ${refused.why}`],
  ]);
}

export const policyColumns: Column<Policy>[] = [
  { head: "POLICY", value: (row) => row.name },
  { head: "IN FORCE", value: (row) => (row.switched_off ? "switched off" : row.enabled ? "yes" : "no") },
  { head: "ON", value: (row) => row.triggers.map(triggerText).join(", ") },
  { head: "DOES", value: (row) => row.actions.map(({ type }) => type).join(", ") },
  { head: "ROLLS BACK", value: (row) => seconds(row.rollback_after_seconds), right: true },
  { head: "COOLDOWN", value: (row) => seconds(row.cooldown_seconds), right: true },
  switchColumn,
  { head: "DESCRIPTION", value: (row) => row.description ?? "", cut: true },
];

const triggerText = ({ alert, event, matchers }: Policy["triggers"][number]): string =>
  [alert === null ? event : `alert ${alert}`, ...matchers].join(" ");

const seconds = (count: number | null): string => (count === null ? "" : `${count} s`);
