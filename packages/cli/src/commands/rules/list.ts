import { command } from "../../command.ts";
import { ruleColumns } from "../../rows/rule.ts";

export const rulesList = command({
  usage: "list",
  about: "list the rules of the plane by name: those of its files and those made by the API",
  async run(cli) {
    const { items } = await (await cli.client()).listAlertRules();
    cli.show({ items }, () => cli.table(items, ruleColumns(cli), "no rules"));
  },
});
