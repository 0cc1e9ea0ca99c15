import { command } from "../../command.ts";

export const rulesDelete = command<[name: string]>({
  usage: "delete <name>",
  about: "take a rule out of force that was made by the API; one of a file is changed there",
  async run(cli, [name]) {
    const rule = await (await cli.client()).deleteAlertRule({ params: { name } });
    cli.show(rule, () => `${name} is out of force; the next sweep resolves its alerts\n`);
  },
});
