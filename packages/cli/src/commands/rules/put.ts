import type { RouteReply } from "@omoios/contracts/routes";
import { command } from "../../command.ts";
import { EXIT } from "../../failure.ts";
import { ruleText } from "../../rows/rule.ts";
import { rulesIn } from "./files.ts";

export const rulesPut = command<[file: string]>({
  usage: "put <file>",
  about: "put the rules of a file in force: one of a name that the API has made before takes its place",
  async run(cli, [file]) {
    const written = await rulesIn(cli, file);
    if (written === undefined) return EXIT.wrong_use;
    const client = await cli.client();
    const known = new Map((await client.listAlertRules()).items.map((rule) => [rule.name, rule]));
    const items: RouteReply<"createAlertRule">[] = [];
    for (const rule of written) {
      const { name } = rule;
      try {
        const put = known.has(name)
          ? client.replaceAlertRule({ params: { name }, body: rule })
          : client.createAlertRule({ body: rule });
        items.push(await put);
      } catch (failure) {
        // Neither the refusal nor the lack of an answer names the rule, and those before it are in force.
        const before = items.length === 0 ? "" : `; put before it: ${items.map((each) => each.name).join(", ")}`;
        cli.terminal.err(`${name} was not put${before}\n`);
        throw failure;
      }
    }
    cli.show({ items }, () => items.map((rule) => ruleText(cli, rule)).join("\n"));
    return EXIT.done;
  },
});
