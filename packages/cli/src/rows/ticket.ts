import type { Ticket } from "@omoios/contracts/views/ticket";
import type { Cli } from "../cli.ts";
import { fields } from "../output/fields.ts";
import type { Column } from "../output/table.ts";
import { ago, clockTime } from "../output/times.ts";

export const ticketColumns = (cli: Cli): Column<Ticket>[] => [
  { head: "TICKET", value: (ticket) => ticket.ticket_id },
  { head: "PHASE", value: (ticket) => ticket.phase_id },
  { head: "STATUS", value: (ticket) => ticket.status, paint: cli.paintStatus },
  { head: "PRIORITY", value: (ticket) => ticket.priority },
  { head: "AGE", value: (ticket) => ago(ticket.created_at, cli.terminal.now()), right: true },
  { head: "TITLE", value: (ticket) => ticket.title, cut: true },
];

export function ticketText(cli: Cli, ticket: Ticket): string {
  return fields([
    ["ticket", ticket.ticket_id],
    ["title", ticket.title],
    ["phase", `${ticket.phase_id}, visit ${ticket.visit}, since ${clockTime(ticket.phase_entered_at)}`],
    ["status", cli.paintStatus(ticket.status)],
    ["blocked", ticket.is_blocked ? `${ticket.blocked_class ?? ""} ${ticket.blocked_reason ?? ""}`.trim() : null],
    ["blocked by", ticket.blocked_by.join(", ")],
    ["cancelled", ticket.cancel_reason],
    ["priority", ticket.priority],
    ["project", ticket.project],
    ["labels", ticket.labels.join(", ")],
    ["external ref", ticket.external_ref],
    ["workflow", ticket.workflow],
    ["created", clockTime(ticket.created_at)],
    ["completed", clockTime(ticket.completed_at)],
    ["description", ticket.description],
  ]);
}
