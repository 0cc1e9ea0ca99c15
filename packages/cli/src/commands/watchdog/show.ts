import { command } from "../../command.ts";
import { remediationText } from "../../rows/watchdog.ts";

export const watchdogShow = command<[remediation_id: string]>({
  usage: "show <remediation_id>",
  about: "show a remediation with its steps",
  async run(cli, [remediation_id]) {
    const remediation = await (await cli.client()).getWatchdogAction({ params: { remediation_id } });
    cli.show(remediation, () => remediationText(cli, remediation));
  },
});
