import type { Change, EventDraft, RequestContext } from "../commit.ts";
import { notBlocked } from "./blocking.ts";
import type { TicketRow, VisitRow } from "./model.ts";
import { direction, phaseOf } from "./transitions.ts";
import type { Phase, Workflow } from "./workflow.ts";

/** How soon the sweep makes the phase's tasks, should the event of the entry get lost. */
const ENTER_WITHIN_MS = 60_000;

export interface Move {
  after: TicketRow;
  events: EventDraft[];
  more: Change[];
}

/** The end of a ticket ends its block. */
export const unblocked = ({ is_blocked }: TicketRow): EventDraft[] =>
  is_blocked ? [{ type: "ticket.unblocked" }] : [];

/** A ticket's entry into a phase: a new visit, its place in the history, and the events. A terminal phase ends the ticket. */
export function moveTo(
  ticket: TicketRow,
  workflow: Workflow,
  to: Phase,
  why: { why: string; who: string; forced: boolean; evidence: string[] },
  ctx: RequestContext,
): Move {
  const from = phaseOf(workflow, ticket.phase_id);
  const backward = from !== undefined && direction(from, to) === "backward";
  const visit = ticket.visit + 1;
  const { [to.id]: waiting = 0, ...ahead } = ticket.ahead;
  const after: TicketRow = {
    ...ticket,
    phase_id: to.id,
    visit,
    phase_entered_at: ctx.now,
    visit_tasks: waiting,
    ahead,
    verdict: undefined,
    updated_at: ctx.now,
    due_at: ctx.now + ENTER_WITHIN_MS,
    ...(to.terminal ? { status: "done" as const, completed_at: ctx.now } : {}),
    ...(to.terminal ? notBlocked : {}),
  };
  const changed: EventDraft = {
    type: "ticket.phase_changed",
    data: { from: ticket.phase_id, to: to.id, forced: why.forced, backward, why: why.why },
    fits: "why",
  };
  const row: VisitRow = {
    version: 0,
    ticket_id: ticket.ticket_id,
    visit,
    from: ticket.phase_id,
    to: to.id,
    ...why,
    backward,
    at: ctx.now,
    time_spent_seconds: (ctx.now - ticket.phase_entered_at) / 1000,
  };
  return {
    after,
    events: [changed, ...(to.terminal ? [...unblocked(ticket), { type: "ticket.completed" as const }] : [])],
    more: [{ kind: "visit", after: row }],
  };
}
