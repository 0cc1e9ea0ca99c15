import type { CallRequest } from "@omoios/sdk/client";
import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { given, upperCase, wholeNumber } from "../../parse-option.ts";
import { ticketColumns } from "../../rows/ticket.ts";

type Query = NonNullable<CallRequest<"listTickets">["query"]>;

interface Options {
  phase?: string;
  status?: NonNullable<Query["status"]>;
  priority?: NonNullable<Query["priority"]>;
  blocked?: boolean;
  label?: string;
  project?: string;
  externalRef?: string;
  limit: number;
}

export const ticketList = command<[], Options>({
  usage: "list",
  about: "list tickets, newest first",
  options: (made) =>
    made
      .option("--phase <phase_id>", "those in this phase")
      .option("--status <word>", "open, blocked, done, cancelled, rejected or pending_review")
      .option("--priority <word>", "CRITICAL, HIGH, MEDIUM or LOW", upperCase)
      .option("--blocked", "only blocked ones")
      .option("--label <word>", "those with this label")
      .option("--project <name>", "those of this project")
      .option("--external-ref <text>", "those that go by this name elsewhere")
      .option("--limit <number>", "how many at most", wholeNumber, 50),
  async run(cli, _, { phase: phase_id, status, priority, blocked, label, project, externalRef: external_ref, limit }) {
    const query = given({
      phase_id,
      status,
      priority,
      label,
      project,
      external_ref,
      blocked: blocked ? ("true" as const) : undefined,
    });
    const page = await firstItems(await cli.client(), "listTickets", { query }, limit);
    cli.showList(page, { limit }, () => cli.table(page.items, ticketColumns(cli), "no tickets"));
  },
});
