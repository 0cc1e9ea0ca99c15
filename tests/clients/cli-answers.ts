import type { RouteName } from "@omoios/contracts/routes";
import { agentRow, eventRow, page, TASK_ID, TICKET_ID, taskRow, ticketRow } from "./cli-rows.ts";
import type { Answer } from "./route-server.ts";

const looks = [ticketRow(), ticketRow(), ticketRow({ phase_id: "PHASE_DONE", status: "done" })];
/** A ticket that gets on from one look to the next, and ends done. */
const nextLook = () => (looks.length > 1 ? looks.shift() : looks[0]);

/** What the plane of the command line's tests answers: enough to be shown. */
export const cannedAnswers: Partial<Record<RouteName, Answer>> = {
  createTicket: ({ body }) => ticketRow(body as Record<string, unknown>),
  listTickets: ({ query }) =>
    page(
      ticketRow(query.blocked === "true" ? { status: "blocked", is_blocked: true } : {}),
      ...(query.blocked === "true" ? [] : [ticketRow({ phase_id: "PHASE_DONE", status: "done", priority: "LOW" })]),
    ),
  getTicket: ({ params }) => (params.ticket_id === TICKET_ID ? ticketRow() : nextLook()),
  listTicketTasks: () => page(taskRow(), taskRow({ status: "pending", pending_reason: "dependencies", percent: null })),
  cancelTicket: ({ body }) => ticketRow({ status: "cancelled", cancel_reason: (body as { reason: string }).reason }),
  getTicketGate: () => ({
    ticket_id: TICKET_ID,
    phase_id: "PHASE_IMPLEMENTATION",
    visit: 1,
    verdict: "failed",
    blocking_reasons: [{ criterion: "coverage", expected: 80, actual: 79.9, message: "coverage is 79.9, below 80" }],
    evidence_version: 4,
    evaluated_at: "2026-03-01T10:04:00.000Z",
  }),
  getTask: ({ params }) =>
    params.task_id === TASK_ID ? taskRow() : taskRow({ status: "waiting", question: "Tabs or spaces?" }),
  listTasks: ({ query }) => page(...(query.status === "failed" ? [] : [taskRow()])),
  listAgents: () => page(agentRow(), agentRow({ status: "IDLE" }), agentRow({ status: "TERMINATED" })),
  listDeadLetters: () => page(),
  getPause: () => ({ paused: true, reason: "a deployment", since: "2026-03-01T10:00:00.000Z" }),
  listEvents: ({ query }) => ({
    items:
      query.after === "c2"
        ? []
        : // The newest first.
          [eventRow("task.completed", 2), eventRow("task.started", 1, { fence: 2, task_id: TASK_ID })],
    next_cursor: query.order === "newest" ? null : "c2",
    more: false,
  }),
};
