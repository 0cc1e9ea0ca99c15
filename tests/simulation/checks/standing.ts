import { digest } from "@omoios/domain/digest";
import type { TaskRow } from "@omoios/domain/tasks/model";
import { hasEnded } from "@omoios/domain/tasks/model";
import type { TicketRow } from "@omoios/domain/tickets/model";
import type { Instant } from "@omoios/kernel/clock";
import { derivedId } from "@omoios/kernel/ids";
import { slotFaults } from "./agents.ts";
import type { Rows } from "./rows.ts";

/** A ticket names so many of those that block it. */
const NAMED = 10;

/**
 * How everything must stand once nothing moves any more. Gives each fault as a sentence.
 * @param swept_until what was due by then, a sweep has found
 */
export function standingFaults(rows: Rows, swept_until: Instant): string[] {
  return [
    ...[...rows.tasks.values()].flatMap((task) => taskFaults(rows, task)),
    ...rows.due
      .filter(({ due_at }) => due_at < swept_until)
      .map(({ kind, key, due_at }) => `${kind} ${key} was due ${swept_until - due_at} ms before the last sweep`),
    ...rows.edges
      .filter(({ dependent_id }) => !rows.tasks.has(dependent_id))
      .map(({ dependent_id }) => `an edge leads to ${dependent_id}, which is not there`),
    ...rows.open_tasks.flatMap(({ task_id }) => openFaults(rows.tasks.get(task_id), task_id)),
    ...rows.batches
      .filter(({ status }) => status !== "opened")
      .map(({ batch_id, status }) => `${batch_id} is ${status}`),
    ...[...rows.tickets.values()].flatMap((ticket) => remedyFaults(rows, ticket)),
    ...rows.agents
      .filter(({ slots, capacity }) => Object.keys(slots).length > capacity)
      .map(({ agent_id }) => `${agent_id} has more slots than it may`),
    ...slotFaults(rows),
  ];
}

function taskFaults(rows: Rows, task: TaskRow): string[] {
  const { task_id, status } = task;
  const completed = rows.attempts.filter((row) => row.task_id === task_id && row.outcome === "completed").length;
  const faults: string[] = [];
  if (completed !== (status === "completed" ? 1 : 0))
    faults.push(`${task_id} is ${status} and has ${completed} completed attempts`);
  if (!rows.bodies.has(task_id)) faults.push(`${task_id} has no body`);
  if (status === "failed" && !rows.dead_letters.some((letter) => letter.task_id === task_id))
    faults.push(`${task_id} failed and has no dead letter`);
  if (hasEnded(status)) return task.settling ? [...faults, `${task_id} is ${status} and not settled`] : faults;
  if (status !== "pending" || task.pending_reason !== "dependencies")
    return [...faults, `${task_id} is ${status} (${task.pending_reason ?? "no reason"})`];
  return [...faults, ...pendingFaults(rows, task)];
}

/** A task that waits must wait for something, and its ticket must say so where that does not come by itself. */
function pendingFaults(rows: Rows, task: TaskRow): string[] {
  const { task_id } = task;
  const depends_on = rows.bodies.get(task_id)?.depends_on ?? [];
  const open = depends_on.filter((id) => rows.tasks.get(id)?.status !== "completed");
  const edges = rows.edges.filter(({ dependent_id }) => dependent_id === task_id);
  const ticket = rows.tickets.get(task.ticket_id);
  const faults: string[] = [];
  if (open.length === 0) faults.push(`${task_id} waits for nothing`);
  if (task.blockers_left !== open.length || edges.length !== open.length)
    faults.push(
      `${task_id} counts ${task.blockers_left} blockers, has ${edges.length} edges, and waits for ${open.length}`,
    );
  for (const id of open) {
    const status = rows.tasks.get(id)?.status;
    if (status !== "failed" && status !== "cancelled") continue;
    const named = ticket?.is_blocked && (ticket.blocked_by?.includes(id) || ticket.blocked_by?.length === NAMED);
    if (ticket?.status === "open" && !named)
      faults.push(`${task_id} waits for ${id}, which is ${status}, and ${task.ticket_id} does not name it`);
  }
  if (ticket?.status !== "open") faults.push(`${task_id} waits in ${task.ticket_id}, which is ${ticket?.status}`);
  return faults;
}

/** Nobody blocks a ticket by hand here: the plane did, and made a task that looks after it. */
function remedyFaults(rows: Rows, { ticket_id, status, is_blocked, blocks }: TicketRow): string[] {
  if (!is_blocked || status !== "open") return [];
  const remedy = derivedId("task", digest(ticket_id, "remediation", blocks));
  return rows.tasks.has(remedy) ? [] : [`${ticket_id} is blocked and no task looks after it`];
}

function openFaults(task: TaskRow | undefined, task_id: string): string[] {
  if (task === undefined) return [`${task_id} counts as open and is not there`];
  return task.status === "completed" || task.status === "cancelled"
    ? [`${task_id} is ${task.status} and counts as open`]
    : [];
}
