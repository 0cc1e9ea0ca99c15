import { command } from "../../command.ts";
import { EXIT } from "../../failure.ts";
import { routingIn, routingOption, textOf } from "./files.ts";

export const rulesCheck = command<[files: readonly string[]], { routing?: string }>({
  usage: "check <files...>",
  about: "look for what is wrong with files of alert rules. Ends with 2 where something is",
  options: routingOption,
  async run(cli, [files], options) {
    const { readRules } = await import("@omoios/domain/alerting/rules/rule-file");
    const { routing, faults: of_routing } = await routingIn(options.routing);
    const receivers = routing && new Set(routing.receivers.map(({ name }) => name));
    const read = readRules(
      files.map((file) => ({ file, text: textOf(file) })),
      { receivers },
    );
    const faults = [...of_routing, ...read.faults];
    cli.show({ rules: read.rules.map(({ name }) => name), faults }, () =>
      faults.length > 0 ? `${faults.join("\n")}\n` : `${read.rules.length} rules are in order\n`,
    );
    return faults.length > 0 ? EXIT.wrong_use : EXIT.done;
  },
});
