import type { Change } from "../commit.ts";
import type { TicketRow } from "./model.ts";

/** A ticket as the tasks find it: new, or as it was read; and rows that go into the same transaction. */
export interface Receiving {
  before?: TicketRow;
  after: TicketRow;
  events?: Change["events"];
  more?: Change[];
}

/** Counts new tasks on their ticket: those of its phase for this visit's gate, the others ahead of their phases. */
export function counted(
  ticket: TicketRow,
  made: readonly { task: { phase_id: string } }[],
  numbered: boolean,
): TicketRow {
  const ahead = { ...ticket.ahead };
  let visit_tasks = ticket.visit_tasks;
  for (const { task } of made) {
    if (task.phase_id === ticket.phase_id) visit_tasks++;
    else ahead[task.phase_id] = (ahead[task.phase_id] ?? 0) + 1;
  }
  const task_count = numbered ? ticket.task_count : ticket.task_count + made.length;
  return { ...ticket, visit_tasks, ahead, task_count, evidence_version: ticket.evidence_version + 1 };
}
