import { command } from "../../command.ts";
import { EXIT } from "../../failure.ts";
import { testText } from "../../rows/receiver.ts";

export const receiversTest = command<[name: string]>({
  usage: "test <name>",
  about: "send a receiver a notification of a test, once, and say what it answered",
  async run(cli, [name]) {
    const made = await (await cli.client()).testReceiver({ params: { name } });
    cli.show(made, () => testText(cli, made));
    return made.outcome === "delivered" ? EXIT.done : EXIT.no;
  },
});
