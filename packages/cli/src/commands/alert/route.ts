import type { RouteReply } from "@omoios/contracts/routes";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { labelText } from "../../output/labels.ts";
import { WrongUse } from "../../wrong-use.ts";

type Routing = RouteReply<"getAlertRouting">;

export const alertRoute = command<[labels: string[]]>({
  usage: "route [labels...]",
  about:
    "who an alert with these labels is told to (omoi alert route alertname=slow team=night); without, the whole tree",
  async run(cli, [labels]) {
    const query = labels.length === 0 ? {} : { labels: labels.map(quoted).join(",") };
    const routing = await (await cli.client()).getAlertRouting({ query });
    cli.show(routing, () => (routing.taken === null ? treeText(cli, routing) : takenText(cli, routing.taken)));
  },
});

/** The value of `label=value` as a text that may hold anything. */
function quoted(label: string): string {
  const at = label.indexOf("=");
  if (at < 1) throw new WrongUse(`${label} is no label: give label=value`);
  return `${label.slice(0, at)}=${JSON.stringify(label.slice(at + 1))}`;
}

const treeText = (cli: Cli, { routes }: Routing): string =>
  cli.table(
    routes,
    [
      { head: "ROUTE", value: ({ id }) => id },
      { head: "RECEIVERS", value: ({ receiver, escalation }) => stepsText(escalation) ?? receiver },
      { head: "GROUPED BY", value: ({ group_by }) => (group_by === null ? "each alone" : group_by.join(",")) },
      { head: "WAIT", value: (row) => `${row.group_wait_seconds} s`, right: true },
      { head: "INTERVAL", value: (row) => `${row.group_interval_seconds} s`, right: true },
      { head: "REPEAT", value: (row) => `${row.repeat_interval_seconds} s`, right: true },
      { head: "GOES ON", value: (row) => (row.continue ? "yes" : "") },
    ],
    "no routes",
  );

const stepsText = (escalation: Routing["routes"][number]["escalation"]): string | undefined =>
  escalation?.steps.map(({ after_seconds, receiver }) => `${receiver} after ${after_seconds} s`).join(", ");

const takenText = (cli: Cli, taken: NonNullable<Routing["taken"]>): string =>
  cli.table(
    taken,
    [
      { head: "ROUTE", value: ({ route }) => route },
      { head: "RECEIVERS", value: ({ receivers }) => receivers.join(",") },
      { head: "GROUP", value: ({ group_labels }) => labelText(group_labels) },
    ],
    "no route",
  );
