import { command } from "../../command.ts";
import { given } from "../../parse-option.ts";
import { agentText } from "../../rows/agent.ts";

export const agentRemove = command<[agent_id: string], { reason?: string }>({
  usage: "remove <agent_id>",
  about: "end an agent: its key is revoked and its tasks go back to their lanes",
  options: (made) => made.option("--reason <text>", "why: it stays in the agent's history"),
  async run(cli, [agent_id], { reason }) {
    const agent = await (await cli.client()).deleteAgent({ params: { agent_id }, body: given({ reason }) });
    cli.show(agent, () => agentText(cli, agent));
  },
});
