import { command } from "../../command.ts";
import { remediationText } from "../../rows/watchdog.ts";

export const watchdogStop = command<[remediation_id: string], { reason: string }>({
  usage: "stop <remediation_id>",
  about: "stop a remediation under way: none of its next steps is taken; what a step has done stays done",
  options: (made) => made.requiredOption("--reason <text>", "why: it stays with it, and in the audit"),
  async run(cli, [remediation_id], { reason }) {
    const call = { params: { remediation_id }, body: { reason } };
    const remediation = await (await cli.client()).stopWatchdogAction(call);
    cli.show(remediation, () => remediationText(cli, remediation));
  },
});
