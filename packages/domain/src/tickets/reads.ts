import { isId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
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

/** Where a ticket stands. */
interface Standing {
  workflow: Workflow;
  phase: Phase;
}

/** A ticket's workflow and phase; throws `ticket.workflow_gone` where the stage's configuration has them no more. */
export function placeOf(parts: Pick<TicketParts, "workflows">, ticket: TicketRow): Standing {
  const place = knownPlaceOf(parts, ticket);
  if (place !== undefined) return place;
  const { ticket_id, workflow, phase_id } = ticket;
  const detail = parts.workflows.has(workflow)
    ? `The workflow ${workflow} has no phase ${phase_id}, in which ${ticket_id} stands.`
    : `There is no workflow ${workflow} any more, in whose phase ${phase_id} ${ticket_id} stands.`;
  throw new Problem("ticket.workflow_gone", { detail, extra: { workflow, phase_id } });
}

/** As `placeOf`, for what nobody asked for: a ticket whose place is gone stands still until that is configured again. */
export function knownPlaceOf({ workflows }: Pick<TicketParts, "workflows">, ticket: TicketRow): Standing | undefined {
  const workflow = workflows.get(ticket.workflow);
  const phase = workflow && phaseOf(workflow, ticket.phase_id);
  return workflow && phase && { workflow, phase };
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
