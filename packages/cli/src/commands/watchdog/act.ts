import type { CallRequest } from "@omoios/sdk/client";
import { command } from "../../command.ts";
import { given } from "../../parse-option.ts";
import { remediationText } from "../../rows/watchdog.ts";

type Body = CallRequest<"startWatchdogAction">["body"];

interface Options {
  reason: string;
  phase?: boolean;
  policy?: string;
  dryRun?: boolean;
}

export const watchdogAct = command<[action: Body["action"], target_id: string], Options>({
  usage: "act <action> <target_id>",
  about:
    "have it done by hand: restart, recycle_token, requeue_tasks, failover, quarantine, scale_out, notify or escalate",
  options: (made) =>
    made
      .requiredOption("--reason <text>", "why: it stays with what is done")
      .option("--phase", "the target is a phase, and no agent")
      .option("--policy <name>", "under the terms of this policy")
      .option("--dry-run", "say what would be done, and do nothing"),
  async run(cli, [action, id], { reason, phase, policy, dryRun: dry_run }) {
    const target = { kind: phase ? ("phase" as const) : ("agent" as const), id };
    const body = { action, target, reason, ...given({ policy, dry_run }) };
    const remediation = await (await cli.client()).startWatchdogAction({ body });
    cli.show(remediation, () => remediationText(cli, remediation));
  },
});
