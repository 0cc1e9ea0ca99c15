import type { CallRequest } from "@omoios/sdk/client";
import { command } from "../../command.ts";
import { changesOf, collect, orNull, upperCase, wholeNumber } from "../../parse-option.ts";
import { ticketText } from "../../rows/ticket.ts";

interface Options {
  title?: string;
  description?: string | false;
  priority?: NonNullable<CallRequest<"patchTicket">["body"]>["priority"];
  project?: string | false;
  label?: string[];
  labels?: boolean;
  externalRef?: string | false;
  ifVersion?: number;
}

export const ticketEdit = command<[ticket_id: string], Options>({
  usage: "edit <ticket_id>",
  about: "change a ticket's words, priority, project or labels",
  options: (made) =>
    made
      .option("--title <text>", "another title")
      .option("--description <text>", "what it is about")
      .option("--no-description", "without one")
      .option("--priority <word>", "CRITICAL, HIGH, MEDIUM or LOW", upperCase)
      .option("--project <name>", "the project that it belongs to")
      .option("--no-project", "of none")
      .option("--label <word>", "in place of the labels that it has; may be given several times", collect)
      .option("--no-labels", "without any")
      .option("--external-ref <text>", "its name elsewhere: an issue, a card")
      .option("--no-external-ref", "without one")
      .option("--if-version <number>", "only if it has not changed since that version", wholeNumber),
  async run(cli, [ticket_id], { label, labels, ifVersion: if_match, ...options }) {
    const body = changesOf({
      title: options.title,
      description: orNull(options.description),
      priority: options.priority,
      project: orNull(options.project),
      labels: labels === false ? [] : label,
      external_ref: orNull(options.externalRef),
    });
    const client = await cli.client();
    const request = { params: { ticket_id }, body };
    const ticket = await client.patchTicket(request, if_match === undefined ? {} : { if_match });
    cli.show(ticket, () => ticketText(cli, ticket));
  },
});
