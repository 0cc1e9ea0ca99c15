import type { CallRequest } from "@omoios/sdk/client";
import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { given, upperCase, wholeNumber } from "../../parse-option.ts";
import { taskColumns } from "../../rows/task.ts";

type Query = NonNullable<CallRequest<"listTasks">["query"]>;

interface Options {
  ticket?: string;
  agent?: string;
  phase?: string;
  status?: NonNullable<Query["status"]>;
  errorKind?: NonNullable<Query["error_kind"]>;
  priority?: NonNullable<Query["priority"]>;
  limit: number;
}

export const taskList = command<[], Options>({
  usage: "list",
  about: "list tasks of a ticket, of an agent, or of a phase by status",
  options: (made) =>
    made
      .option("--ticket <ticket_id>", "those of this ticket")
      .option("--agent <agent_id>", "those that this agent holds")
      .option("--phase <phase_id>", "those of this phase; --status ready, running or failed goes with it")
      .option("--status <word>", "pending, ready, assigned, running, waiting, completed, failed or cancelled")
      .option("--error-kind <word>", "permanent, retryable, timeout or lease_lost")
      .option("--priority <word>", "CRITICAL, HIGH, MEDIUM or LOW", upperCase)
      .option("--limit <number>", "how many at most", wholeNumber, 50),
  async run(cli, _, options) {
    const { ticket: ticket_id, agent: agent_id, phase: phase_id, status, errorKind: error_kind, priority } = options;
    const query = given({ ticket_id, agent_id, phase_id, status, error_kind, priority });
    const page = await firstItems(await cli.client(), "listTasks", { query }, options.limit);
    cli.showList(page, options, () => cli.table(page.items, taskColumns(cli), "no tasks"));
  },
});
