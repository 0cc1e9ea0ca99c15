import { command } from "../../command.ts";
import { interventionText } from "../../rows/guardian.ts";

export const guardianRevert = command<[action_id: string], { reason: string }>({
  usage: "revert <action_id>",
  about: "restore what an action changed, unless it has changed since",
  options: (made) => made.requiredOption("--reason <text>", "why: it stays with the action and in the audit"),
  async run(cli, [action_id], { reason }) {
    const action = await (await cli.client()).revertIntervention({ params: { action_id }, body: { reason } });
    cli.show(action, () => interventionText(cli, action));
  },
});
