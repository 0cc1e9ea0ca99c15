import type { TaskRow } from "../tasks/model.ts";
import type { TicketRow } from "./model.ts";
import type { TicketParts } from "./parts.ts";

/** What of a task tells whether its phase was left. */
type Placed = Pick<TaskRow, "phase_id" | "visit">;

/** Tells of a task whether its ticket has left the task's phase backward or by force since: it is cancelled, or will be in a moment. */
export async function leftPhases(
  { store }: Pick<TicketParts, "store">,
  { ticket_id }: Pick<TicketRow, "ticket_id">,
): Promise<(task: Placed) => boolean> {
  const visits = await store.all("visit", { ticket_id });
  const left = visits.filter(({ backward, forced }) => backward || forced);
  return ({ phase_id, visit }) => left.some((row) => row.from === phase_id && row.visit > visit);
}

/** The visit that a task belongs to which is opened now: this one of its phase, or the next. */
export function visitFor(ticket: Pick<TicketRow, "phase_id" | "visit">, phase_id: string): number {
  return phase_id === ticket.phase_id ? ticket.visit : ticket.visit + 1;
}
