import { command } from "../../command.ts";
import { receiverColumns } from "../../rows/receiver.ts";

export const receiversList = command({
  usage: "list",
  about: "list who is told of alerts: what waits for each, how its last tries went, what was given up",
  async run(cli) {
    const { items } = await (await cli.client()).listReceivers();
    cli.show({ items }, () => cli.table(items, receiverColumns(cli), "no receivers"));
  },
});
