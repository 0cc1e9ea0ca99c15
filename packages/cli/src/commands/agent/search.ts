import type { CallRequest } from "@omoios/sdk/client";
import { command } from "../../command.ts";
import { commaList, given, upperCase, wholeNumber } from "../../parse-option.ts";

type Query = NonNullable<CallRequest<"searchAgents">["query"]>;

interface Options {
  capabilities?: string[];
  phase?: string;
  status?: NonNullable<Query["status"]>;
  limit: number;
}

export const agentSearch = command<[], Options>({
  usage: "search",
  about: "find agents by what they can do, best fit first, with score and reasons",
  options: (made) =>
    made
      .option("--capabilities <a,b>", "what is needed; each that is found has one of them at least", commaList)
      .option("--phase <phase_id>", "those that work in this phase")
      .option("--status <word>", "IDLE, RUNNING or DEGRADED; IDLE unless given", upperCase)
      .option("--limit <number>", "how many at most, up to 100", wholeNumber, 50),
  async run(cli, _, { capabilities, phase: phase_id, status, limit }) {
    const query = given({ capabilities: capabilities?.join(","), phase_id, status, limit });
    const found = await (await cli.client()).searchAgents({ query });
    cli.show(found, () =>
      cli.table(
        found.items,
        [
          { head: "AGENT", value: ({ agent_id }) => agent_id },
          { head: "NAME", value: ({ agent_name }) => agent_name },
          { head: "STATUS", value: (row) => row.status, paint: cli.paintStatus },
          { head: "SCORE", value: ({ score }) => score.toFixed(2), right: true },
          { head: "WHY", value: ({ why }) => why.join(", "), cut: true },
        ],
        "no agents",
      ),
    );
    if (found.more) cli.note("there are more agents of such capabilities than were compared");
  },
});
