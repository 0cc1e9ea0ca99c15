import type { CallRequest } from "@omoios/sdk/client";
import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { given, wholeNumber } from "../../parse-option.ts";
import { interventionColumns } from "../../rows/guardian.ts";

type Query = NonNullable<CallRequest<"listInterventions">["query"]>;

interface Options extends Pick<Query, "action" | "target" | "status" | "policy"> {
  limit: number;
}

export const guardianList = command<[], Options>({
  usage: "list",
  about: "list what the guardian did, newest first",
  options: (made) =>
    made
      .option("--action <word>", "such as quarantine or pause_lane")
      .option("--target <id>", "what was done to this task, agent or lane")
      .option("--status <word>", "applied, reverted or refused")
      .option("--policy <name>", "what this policy did by itself")
      .option("--limit <number>", "how many at most", wholeNumber, 50),
  async run(cli, _, { limit, action, target, status, policy }) {
    const query = given({ action, target, status, policy });
    const page = await firstItems(await cli.client(), "listInterventions", { query }, limit);
    cli.showList(page, { limit }, () => cli.table(page.items, interventionColumns(cli), "no actions"));
  },
});
