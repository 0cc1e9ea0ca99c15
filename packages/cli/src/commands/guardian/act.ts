import { GUARDIAN_ACTIONS, type GuardianAction } from "@omoios/contracts/shapes/guardian";
import type { CallRequest } from "@omoios/sdk/client";
import { command } from "../../command.ts";
import { given, upperCase, wholeNumber } from "../../parse-option.ts";
import { interventionText } from "../../rows/guardian.ts";
import { WrongUse } from "../../wrong-use.ts";

type Parameters = NonNullable<CallRequest<"intervene">["body"]["parameters"]>;

interface Options {
  reason: string;
  priority?: NonNullable<Parameters["priority"]>;
  to?: string;
  amount?: number;
}

const isAction = (word: string): word is GuardianAction => Object.hasOwn(GUARDIAN_ACTIONS, word);

export const guardianAct = command<[action: string, target: string], Options>({
  usage: "act <action> <target>",
  about: `intervene: ${Object.keys(GUARDIAN_ACTIONS).join(", ")}`,
  options: (made) =>
    made
      .requiredOption("--reason <text>", "why: it stays with the action and in the audit")
      .option("--priority <word>", "of override_priority: CRITICAL, HIGH, MEDIUM or LOW", upperCase)
      .option("--to <agent_id>", "of reallocate_capacity: who is given it")
      .option("--amount <number>", "of reallocate_capacity: how much", wholeNumber),
  async run(cli, [action, id], { reason, priority, to, amount }) {
    if (!isAction(action)) throw new WrongUse(`${action} is none of ${Object.keys(GUARDIAN_ACTIONS).join(", ")}`);
    const parameters = given({ priority, to_agent_id: to as Parameters["to_agent_id"], amount });
    const target = { kind: GUARDIAN_ACTIONS[action].target, id };
    const done = await (await cli.client()).intervene({ body: { action, target, parameters, reason } });
    cli.show(done, () => interventionText(cli, done));
  },
});
