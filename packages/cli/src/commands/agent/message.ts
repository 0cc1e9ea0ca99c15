import { command } from "../../command.ts";

export const agentMessage = command<[text: string], { channel: string }>({
  usage: "message <text>",
  about: "send a message to the agents of a channel; each has it until it acknowledges it",
  options: (made) =>
    made.requiredOption(
      "--channel <name>",
      "broadcast, phase:PHASE_…, or shutdown, which ends the runners that hear it",
    ),
  async run(cli, [text], { channel }) {
    const sent = await (await cli.client()).sendAgentMessage({ body: { channel, body: text } });
    const full = sent.full === 0 ? "" : `; ${sent.full} have too many that they have not acknowledged`;
    cli.show(sent, () => `${sent.message_id} to ${sent.agents} agents${full}\n`);
  },
});
