import { existsSync, readFileSync } from "node:fs";
import { command } from "../../command.ts";
import { EXIT } from "../../failure.ts";
import { WrongUse } from "../../wrong-use.ts";

const ROUTING = "config/alert_routing.yaml";

export const rulesCheck = command<[files: readonly string[]], { routing?: string }>({
  usage: "check <files...>",
  about: "look for what is wrong with files of alert rules. Ends with 2 where something is",
  options: (made) =>
    made.option("--routing <file>", `whose receivers the rules may name; ${ROUTING} where there is one`),
  async run(cli, [files], { routing = existsSync(ROUTING) ? ROUTING : undefined }) {
    const { readReceiverNames, readRules } = await import("@omoios/domain/alerting/rules/rule-file");
    const named = routing === undefined ? undefined : readReceiverNames(textOf(routing), routing);
    const receivers = named?.ok ? named.value : undefined;
    const read = readRules(
      files.map((file) => ({ file, text: textOf(file) })),
      { receivers },
    );
    const faults = [...(named === undefined || named.ok ? [] : named.faults), ...read.faults];
    cli.show({ rules: read.rules.map(({ name }) => name), faults }, () =>
      faults.length > 0 ? `${faults.join("\n")}\n` : `${read.rules.length} rules are in order\n`,
    );
    return faults.length > 0 ? EXIT.wrong_use : EXIT.done;
  },
});

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new WrongUse(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
