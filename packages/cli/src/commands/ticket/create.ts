import type { CallRequest } from "@omoios/sdk/client";
import { command } from "../../command.ts";
import { collect, given, jsonFile, upperCase } from "../../parse-option.ts";
import { ticketText } from "../../rows/ticket.ts";

type Body = CallRequest<"createTicket">["body"];

interface Options {
  description?: string;
  priority?: NonNullable<Body["priority"]>;
  workflow?: string;
  project?: string;
  label?: string[];
  externalRef?: string;
  tasks?: string;
  start?: boolean;
}

export const ticketCreate = command<[title: string], Options>({
  usage: "create <title>",
  about: "open a ticket",
  options: (made) =>
    made
      .option("--description <text>", "what it is about")
      .option("--priority <word>", "CRITICAL, HIGH, MEDIUM or LOW", upperCase)
      .option("--workflow <name>", "other than the default one")
      .option("--project <name>", "the project that it belongs to")
      .option("--label <word>", "may be given several times", collect)
      .option("--external-ref <text>", "its name elsewhere: an issue, a card")
      .option("--tasks <file>", "JSON file with a list of tasks: [{ref, title, depends_on, …}]")
      .option("--start", "enter the first working phase at once"),
  async run(cli, [title], options) {
    const { description, priority, workflow, project, label: labels, externalRef: external_ref, start } = options;
    const tasks = options.tasks === undefined ? undefined : ((await jsonFile(options.tasks)) as Body["tasks"]);
    const body = { title, ...given({ description, priority, workflow, project, labels, external_ref, tasks, start }) };
    const ticket = await (await cli.client()).createTicket({ body });
    cli.show(ticket, () => ticketText(cli, ticket));
  },
});
