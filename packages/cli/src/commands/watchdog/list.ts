import type { CallRequest } from "@omoios/sdk/client";
import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { given, wholeNumber } from "../../parse-option.ts";
import { remediationColumns } from "../../rows/watchdog.ts";

type Query = NonNullable<CallRequest<"listWatchdogActions">["query"]>;

interface Options {
  status?: NonNullable<Query["status"]>;
  policy?: string;
  outcome?: NonNullable<Query["outcome"]>;
  target?: string;
  limit: number;
}

export const watchdogList = command<[], Options>({
  usage: "list",
  about: "list what the watchdog does and did: remediations under way first, then the newest",
  options: (made) =>
    made
      .option("--status <word>", "open or ended")
      .option("--policy <name>", "those of this policy")
      .option("--outcome <word>", "succeeded, failed, escalated, not_needed, refused, stopped, disabled or dry_run")
      .option("--target <id>", "those of this agent or phase")
      .option("--limit <number>", "how many at most", wholeNumber, 50),
  async run(cli, _, { status, policy, outcome, target: target_id, limit }) {
    const query = given({ status, policy, outcome, target_id });
    const page = await firstItems(await cli.client(), "listWatchdogActions", { query }, limit);
    cli.showList(page, { limit }, () => cli.table(page.items, remediationColumns(cli), "no remediations"));
  },
});
