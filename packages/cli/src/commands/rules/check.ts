import { catalogue } from "@omoios/contracts/metrics";
import { command } from "../../command.ts";
import { EXIT } from "../../failure.ts";
import { textOf } from "../../text-of.ts";
import { routingIn, routingOption } from "./files.ts";

export const rulesCheck = command<[files: readonly string[]], { routing?: string }>({
  usage: "check <files...>",
  about: "look for what is wrong with files of alert rules, and of tests. Ends with 2 where something is",
  options: routingOption,
  async run(cli, [files], options) {
    const { readRules } = await import("@omoios/domain/alerting/rules/rule-file");
    const { isRehearsal, readRehearsal } = await import("@omoios/domain/alerting/rehearsal/rehearsal-file");
    const { routing, faults: of_routing } = await routingIn(options.routing);
    const receivers = routing && new Set(routing.receivers.map(({ name }) => name));
    const texts = files.map((file) => ({ file, text: textOf(file) }));
    const read = readRules(
      texts.filter(({ text }) => !isRehearsal(text)),
      { receivers },
    );
    const tests = texts
      .filter(({ text }) => isRehearsal(text))
      .map(({ file, text }) => readRehearsal(text, file, routing));
    const rules = [...read.rules, ...tests.flatMap((test) => (test.ok ? test.value.rules : []))];
    const faults = [...of_routing, ...read.faults, ...tests.flatMap((test) => (test.ok ? [] : test.faults))];
    cli.show({ rules: rules.map(({ name }) => name), faults }, () =>
      faults.length > 0
        ? `${faults.join("\n")}\n`
        : `${rules.length === 1 ? "1 rule is" : `${rules.length} rules are`} in order\n`,
    );
    for (const { name, metric } of rules) {
      const why = catalogue.get(metric)?.unmeasured;
      if (why !== undefined)
        cli.note(`${name}: the plane does not measure ${metric}, ${why}. It has what is sent alone`);
    }
    return faults.length > 0 ? EXIT.wrong_use : EXIT.done;
  },
});
