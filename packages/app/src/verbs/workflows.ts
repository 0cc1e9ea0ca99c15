import type { RouteReply } from "@omoios/contracts/routes";
import { DEFAULT_WORKFLOW } from "@omoios/domain/tickets/parts";
import type { Workflow } from "@omoios/domain/tickets/workflow";
import { Problem } from "@omoios/kernel/problem";
import type { Configuration } from "../configuration.ts";
import type { Verbs } from "../verbs.ts";

/** What answers the routes of workflows. */
export function workflowVerbs({
  workflows,
  workflow_texts,
}: Pick<Configuration, "workflows" | "workflow_texts">): Pick<Verbs, "listWorkflows" | "getWorkflow"> {
  return {
    async listWorkflows() {
      const items = [...workflows.values()].map(summaryOf).sort((a, b) => (a.id < b.id ? -1 : 1));
      return { items, next_cursor: null };
    },
    async getWorkflow(ctx, { params: { name } }) {
      const workflow = workflows.get(name);
      const text = workflow_texts.get(name);
      if (workflow === undefined || text === undefined)
        throw new Problem("workflow.not_found", {
          detail: `There is no workflow ${name}.`,
          extra: { allowed: [...workflows.keys()] },
        });
      return ctx.wants_text ? text : workflow;
    },
  };
}

function summaryOf({ id, name, description, phases }: Workflow): RouteReply<"listWorkflows">["items"][number] {
  return {
    id,
    name,
    description: description ?? null,
    is_default: id === DEFAULT_WORKFLOW,
    phase_ids: phases.toSorted((a, b) => a.order - b.order).map((phase) => phase.id),
  };
}
