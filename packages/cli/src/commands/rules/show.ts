import { command } from "../../command.ts";
import { ruleText } from "../../rows/rule.ts";

export const rulesShow = command<[name: string]>({
  usage: "show <name>",
  about: "show a rule of the plane",
  async run(cli, [name]) {
    const rule = await (await cli.client()).getAlertRule({ params: { name } });
    cli.show(rule, () => ruleText(cli, rule));
  },
});
