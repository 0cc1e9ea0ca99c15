import { command } from "../../command.ts";
import { interventionText } from "../../rows/guardian.ts";

export const guardianShow = command<[action_id: string]>({
  usage: "show <action_id>",
  about: "show an action, what it changed, and whether it was taken back",
  async run(cli, [action_id]) {
    const action = await (await cli.client()).getIntervention({ params: { action_id } });
    cli.show(action, () => interventionText(cli, action));
  },
});
