import { command } from "../../command.ts";
import { agentText } from "../../rows/agent.ts";

export const agentRotateKey = command<[agent_id: string], { reason: string }>({
  usage: "rotate-key <agent_id>",
  about: "tell an agent to take a new key",
  options: (made) => made.requiredOption("--reason <text>", "why: it stays in the agent's events"),
  async run(cli, [agent_id], { reason }) {
    const agent = await (await cli.client()).requestKeyRotation({ params: { agent_id }, body: { reason } });
    cli.show(agent, () => agentText(cli, agent));
  },
});
