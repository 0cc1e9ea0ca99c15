import type { agent } from "@omoios/contracts/views/agent";
import type * as z from "zod";
import type { Cli } from "../cli.ts";
import { fields } from "../output/fields.ts";
import type { Column } from "../output/table.ts";
import { ago, clockTime } from "../output/times.ts";

export type AgentReply = z.infer<typeof agent>;

export const agentColumns = (cli: Cli): Column<AgentReply>[] => [
  { head: "AGENT", value: (row) => row.agent_id },
  { head: "NAME", value: (row) => row.agent_name },
  { head: "STATUS", value: (row) => row.status, paint: cli.paintStatus },
  { head: "TASKS", value: (row) => `${row.current_task_ids.length}/${row.capacity}`, right: true },
  { head: "BEAT", value: (row) => ago(row.last_heartbeat_at, cli.terminal.now()), right: true },
  { head: "PHASES", value: (row) => row.phase_ids.join(","), cut: true },
  { head: "CAPABILITIES", value: (row) => row.capabilities.join(","), cut: true },
];

export function agentText(cli: Cli, row: AgentReply): string {
  return fields([
    ["agent", row.agent_id],
    ["name", row.agent_name],
    ["type", row.agent_type],
    ["status", cli.paintStatus(row.status)],
    ["phases", row.phase_ids.join(", ")],
    ["capabilities", row.capabilities.join(", ")],
    ["works on", row.current_task_ids.join(", ")],
    ["capacity", row.capacity],
    ["version", row.version],
    ["tags", row.tags.join(", ")],
    ["owner", row.owner],
    ["replaces", row.replaces],
    ["last beat", clockTime(row.last_heartbeat_at)],
    ["registered", clockTime(row.registered_at)],
  ]);
}
