import { command } from "../../command.ts";
import { clockTime } from "../../output/times.ts";
import { agentText } from "../../rows/agent.ts";

export const agentShow = command<[agent_id: string]>({
  usage: "show <agent_id>",
  about: "show an agent and the steps of its registration",
  async run(cli, [agent_id]) {
    const client = await cli.client();
    const request = { params: { agent_id } };
    const [agent, { steps }] = await Promise.all([client.getAgent(request), client.getAgentRegistration(request)]);
    cli.show({ ...agent, steps }, () => {
      const lines = steps.map(({ step, outcome, at }) => `${clockTime(at)}  ${outcome.padEnd(6)}  ${step}\n`);
      return [agentText(cli, agent), lines.join("")].join("\n");
    });
  },
});
