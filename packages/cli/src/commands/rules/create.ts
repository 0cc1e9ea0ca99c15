import type { RouteReply } from "@omoios/contracts/routes";
import { command } from "../../command.ts";
import { EXIT } from "../../failure.ts";
import { ruleText } from "../../rows/rule.ts";
import { rulesIn } from "./files.ts";

export const rulesCreate = command<[], { file: string }>({
  usage: "create",
  about: "put the rules of a file in force on the plane, as they pass `omoi rules check`",
  options: (made) => made.requiredOption("--file <file>", "YAML of one rule, or of a list `rules`"),
  async run(cli, _, { file }) {
    const written = await rulesIn(cli, file);
    if (written === undefined) return EXIT.wrong_use;
    const client = await cli.client();
    const items: RouteReply<"createAlertRule">[] = [];
    for (const rule of written) {
      try {
        items.push(await client.createAlertRule({ body: rule }));
      } catch (failure) {
        // Neither the refusal nor the lack of an answer names the rule, and those before it are in force.
        const before = items.length === 0 ? "" : `; made before it: ${items.map(({ name }) => name).join(", ")}`;
        cli.terminal.err(`${rule.name} was not made${before}\n`);
        throw failure;
      }
    }
    cli.show({ items }, () => items.map((rule) => ruleText(cli, rule)).join("\n"));
    return EXIT.done;
  },
});
