import type { CallRequest } from "@omoios/sdk/client";
import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { given, wholeNumber } from "../../parse-option.ts";
import { alertColumns } from "../../rows/alert.ts";

type Query = NonNullable<CallRequest<"listAlerts">["query"]>;

interface Options {
  state?: NonNullable<Query["state"]>;
  severity?: NonNullable<Query["severity"]>;
  name?: string;
  matcher?: string;
  limit: number;
}

export const alertList = command<[], Options>({
  usage: "list",
  about: "list alerts, newest first; those that are over only where --state asks for them",
  options: (made) =>
    made
      .option("--state <a,b>", "pending, firing, acknowledged or resolved; all but resolved unless given")
      .option("--severity <word>", "info, warning, error or critical")
      .option("--name <alertname>", "those of this rule")
      .option("--matcher <matcher>", "those whose labels match: 'agent_id=\"a1\"'")
      .option("--limit <number>", "how many at most", wholeNumber, 50),
  async run(cli, _, { state, severity, name: alertname, matcher, limit }) {
    const query = given({ state, severity, alertname, matcher });
    const page = await firstItems(await cli.client(), "listAlerts", { query }, limit);
    cli.showList(page, { limit }, () => cli.table(page.items, alertColumns(cli), "no alerts"));
  },
});
