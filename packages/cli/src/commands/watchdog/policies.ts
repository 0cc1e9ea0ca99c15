import { command } from "../../command.ts";
import { policyColumns } from "../../rows/watchdog.ts";

export const watchdogPolicies = command<[]>({
  usage: "policies",
  about: "list the watchdog's policies as they are in force",
  async run(cli) {
    const page = await (await cli.client()).listWatchdogPolicies();
    cli.show(page, () => cli.table(page.items, policyColumns(cli), "no policies"));
  },
});
