import type { CallRequest } from "@omoios/sdk/client";
import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { given, upperCase, wholeNumber } from "../../parse-option.ts";
import { agentColumns } from "../../rows/agent.ts";

type Query = NonNullable<CallRequest<"listAgents">["query"]>;

interface Options {
  status?: NonNullable<Query["status"]>;
  phase?: string;
  limit: number;
}

export const agentList = command<[], Options>({
  usage: "list",
  about: "list agents, newest first",
  options: (made) =>
    made
      .option("--status <word>", "IDLE, RUNNING, DEGRADED, FAILED, QUARANTINED, SPAWNING or TERMINATED", upperCase)
      .option("--phase <phase_id>", "those that work in this phase")
      .option("--limit <number>", "how many at most", wholeNumber, 50),
  async run(cli, _, { status, phase: phase_id, limit }) {
    const page = await firstItems(await cli.client(), "listAgents", { query: given({ status, phase_id }) }, limit);
    cli.showList(page, { limit }, () => cli.table(page.items, agentColumns(cli), "no agents"));
  },
});
