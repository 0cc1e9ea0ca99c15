import { command } from "../../command.ts";
import { silenceText } from "../../rows/alert.ts";

export const silenceEnd = command<[silence_id: string]>({
  usage: "end <silence_id>",
  about: "end a silence now",
  async run(cli, [silence_id]) {
    const silence = await (await cli.client()).deleteSilence({ params: { silence_id } });
    cli.show(silence, () => silenceText(cli, silence));
  },
});
