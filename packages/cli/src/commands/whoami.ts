import { command } from "../command.ts";
import { fields } from "../output/fields.ts";

export const whoami = command({
  usage: "whoami",
  about: "say which plane this is and who you are to it",
  async run(cli) {
    const { url } = await cli.plane();
    const who = await (await cli.client()).whoami();
    cli.show(who, () =>
      fields([
        ["plane", url],
        ["principal", who.principal],
        ["kind", who.kind],
        ["authority", who.authority],
        ["scopes", who.scopes.join(", ")],
      ]),
    );
  },
});
