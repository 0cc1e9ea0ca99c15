import type { RouteReply } from "@omoios/contracts/routes";
import type { Cli } from "../cli.ts";
import { fields } from "../output/fields.ts";

type Workflow = RouteReply<"getWorkflow">;
type Phase = Workflow["phases"][number];

/** A workflow with a line for each phase. */
export function workflowText(cli: Cli, { id, name, description, columns, phases }: Workflow): string {
  const head = fields([
    ["workflow", id],
    ["name", name],
    ["about", description],
    ["columns", columns.map((column) => column.id + (column.wip_limit ? ` (${column.wip_limit})` : "")).join(", ")],
  ]);
  const rows = cli.table(
    phases.toSorted((a, b) => a.order - b.order),
    [
      { head: "PHASE", value: (phase) => phase.id },
      { head: "COLUMN", value: (phase) => phase.column },
      { head: "LEADS TO", value: (phase) => phase.allowed_transitions.join(", ") || "the end" },
      { head: "MAKES", value: (phase) => phase.task_templates.map(({ key }) => key).join(", ") || "no tasks" },
      { head: "DEMANDS", value: demandsOf, cut: true },
    ],
    "no phases",
  );
  return `${head}\n${rows}`;
}

function demandsOf({ gate }: Phase): string {
  if (gate === undefined) return "";
  const criteria = gate.criteria.map(({ artifact, metadata, measure }) => `${artifact}.${metadata ?? measure}`);
  return [...new Set([...gate.artifacts, ...criteria])].join(", ");
}
