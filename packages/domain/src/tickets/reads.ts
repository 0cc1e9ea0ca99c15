import { isId } from "@omoios/kernel/ids";
import { invariant, Problem } from "@omoios/kernel/problem";
import type { TaskBodyRow, TaskRow } from "../tasks/model.ts";
import { onlyVisible } from "../tasks/reads.ts";
import type { TicketRow } from "./model.ts";
import type { TicketParts } from "./parts.ts";
import { phaseOf } from "./transitions.ts";
import type { Phase, Workflow } from "./workflow.ts";

/** The ticket; throws `ticket.not_found`. */
export async function ticketOf({ store }: Pick<TicketParts, "store">, ticket_id: string): Promise<TicketRow> {
  const ticket = isId("ticket", ticket_id) ? await store.get("ticket", { ticket_id }) : undefined;
  if (ticket === undefined) throw new Problem("ticket.not_found", { detail: `There is no ticket ${ticket_id}.` });
  return ticket;
}

/** The ticket, if it has not ended; throws `ticket.closed` otherwise. */
export async function openTicketOf(parts: Pick<TicketParts, "store">, ticket_id: string): Promise<TicketRow> {
  const ticket = await ticketOf(parts, ticket_id);
  mustBeOpen(ticket);
  return ticket;
}

export function mustBeOpen(ticket: TicketRow): void {
  if (ticket.status !== "open")
    throw new Problem("ticket.closed", { detail: `${ticket.ticket_id} is ${ticket.status}.` });
}

/** A ticket's workflow and phase. A workflow that tickets stand in is not taken away from a stage. */
export function placeOf(
  { workflows }: Pick<TicketParts, "workflows">,
  ticket: TicketRow,
): { workflow: Workflow; phase: Phase } {
  const workflow = workflows.get(ticket.workflow);
  invariant(workflow, `the workflow ${ticket.workflow} of ${ticket.ticket_id} is configured`);
  const phase = phaseOf(workflow, ticket.phase_id);
  invariant(phase, `the phase ${ticket.phase_id} of ${ticket.ticket_id} is in its workflow`);
  return { workflow, phase };
}

export interface TicketTask {
  task: TaskRow;
  body: TaskBodyRow;
}

/** All tasks of a ticket that the world may see, in the order of their making. */
export async function tasksOfTicket(
  parts: Pick<TicketParts, "store">,
  ticket_id: TicketRow["ticket_id"],
): Promise<TicketTask[]> {
  return withTasks(parts, await parts.store.all("task_body", { ticket_id }));
}

/** Bodies with their tasks, in the order given; those that nobody may see are left out. */
export async function withTasks(
  parts: Pick<TicketParts, "store">,
  bodies: readonly TaskBodyRow[],
): Promise<TicketTask[]> {
  const rows = await parts.store.getMany(
    "task",
    bodies.map(({ task_id }) => ({ task_id })),
  );
  const seen = new Map((await onlyVisible(parts, rows)).map((task) => [task.task_id, task]));
  return bodies.flatMap((body) => {
    const task = seen.get(body.task_id);
    return task === undefined ? [] : [{ task, body }];
  });
}
