import { command } from "../command.ts";
import { given } from "../parse-option.ts";

export const resume = command<[], { reason?: string }>({
  usage: "resume",
  about: "let claims go on",
  options: (made) => made.option("--reason <text>", "why"),
  async run(cli, _, { reason }) {
    const state = await (await cli.client()).resume({ body: given({ reason }) });
    cli.show(state, () => (state.paused ? "still paused\n" : "claims go on\n"));
  },
});
