import { command } from "../command.ts";

export const pause = command<[], { reason: string }>({
  usage: "pause",
  about: "stop all claims of the stage; what runs goes on",
  options: (made) => made.requiredOption("--reason <text>", "why"),
  async run(cli, _, { reason }) {
    const state = await (await cli.client()).pause({ body: { reason } });
    cli.show(state, () => `paused: ${state.reason ?? reason}\n`);
  },
});
