import { derivedId, type TicketId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type { RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { digest } from "../digest.ts";
import type { TaskDraft } from "../tasks/create.ts";
import { hasEnded } from "../tasks/model.ts";
import { closeTask } from "../tasks/settle.ts";
import { addTasks } from "./add-tasks.ts";
import { advance } from "./advance.ts";
import { compileBrief } from "./brief.ts";
import { type CancelTask, cancelOpen } from "./cancel-task.ts";
import { type TaskDraft as Generated, generateTasks } from "./generate.ts";
import { letLeave } from "./leave.ts";
import { leftPhases } from "./left-phases.ts";
import type { TicketRow } from "./model.ts";
import type { TicketParts } from "./parts.ts";
import { knownPlaceOf, placeOf } from "./reads.ts";
import { visitOf } from "./visits.ts";

/**
 * What follows from a ticket's entry into a phase: what was left is cancelled, the context compiled, the phase's tasks made, and the gate
 * judged. From its end: what is open is cancelled, and all of it leaves some day. May be repeated at will.
 */
export async function enterPhase(
  parts: TicketParts,
  ctx: RequestContext,
  ticket_id: TicketId,
  cancel: CancelTask,
): Promise<void> {
  const ticket = await parts.store.get("ticket", { ticket_id });
  if (ticket === undefined) return;
  if (ticket.status !== "open") {
    if (ticket.ttl !== undefined) return;
    await cancelLeft(
      parts,
      ctx,
      ticket,
      cancel,
      () => true,
      ticket.status === "done" ? "ticket_done" : "ticket_cancelled",
    );
    return letLeave(parts, ctx, ticket);
  }
  if (ticket.generated_visit >= ticket.visit || knownPlaceOf(parts, ticket) === undefined) return;
  await prepareVisit(parts, ctx, ticket, cancel);
  await generateFor(parts, ctx, ticket_id, ticket.visit);
  await advance(parts, ctx, ticket_id);
}

/** What comes before a visit's tasks are made: those of phases left backward or by force are cancelled, and the context is compiled. */
export async function prepareVisit(
  parts: TicketParts,
  ctx: RequestContext,
  ticket: TicketRow,
  cancel: CancelTask,
): Promise<void> {
  await cancelLeft(parts, ctx, ticket, cancel, await leftPhases(parts, ticket), "phase_left");
  await compileBrief(parts, ctx, ticket);
}

/** Makes the tasks of the visit's templates, once: their ids follow from (ticket, visit, template, item). */
export async function generateFor(
  parts: TicketParts,
  ctx: RequestContext,
  ticket_id: TicketId,
  visit: number,
  made?: string,
): Promise<string[]> {
  const ticket = await parts.store.get("ticket", { ticket_id });
  if (ticket === undefined || ticket.visit !== visit || ticket.status !== "open") return [];
  const { phase } = placeOf(parts, ticket);
  const drafts = generateTasks(phase, await visitOf(parts, ticket)).map(draftOf);
  const receive = async () => {
    const before = await parts.store.get("ticket", { ticket_id });
    if (before?.visit !== visit) throw new Problem("conflict.busy", { detail: `${ticket_id} moved on.` });
    const due_at = ctx.now + parts.limits.blocked_after_seconds * 1000;
    return { before, after: { ...before, generated_visit: visit, due_at } };
  };
  const { tasks } = await addTasks(parts, ctx, drafts, receive, made);
  if (drafts.length === 0) await markGenerated(parts, ctx, ticket_id, visit);
  return [...tasks];
}

async function markGenerated(
  parts: TicketParts,
  ctx: RequestContext,
  ticket_id: TicketId,
  visit: number,
): Promise<void> {
  await untilSettled(async () => {
    const before = await parts.store.get("ticket", { ticket_id });
    if (before === undefined || before.visit !== visit || before.generated_visit >= visit) return;
    const after = { ...before, generated_visit: visit, due_at: undefined };
    await parts.commit(ctx, [{ kind: "ticket", before, after }]);
  });
}

function draftOf({ identity, item: _item, template, feedback, depends_on, ...fields }: Generated): TaskDraft {
  return {
    ...fields,
    task_id: idOf(identity),
    depends_on: depends_on.map(idOf),
    template,
    feedback: feedback.length === 0 ? undefined : [...feedback],
  };
}

const idOf = (identity: string) => derivedId("task", digest("template", identity));

async function cancelLeft(
  parts: TicketParts,
  ctx: RequestContext,
  ticket: TicketRow,
  cancel: CancelTask,
  isLeft: (task: { phase_id: string; visit: number }) => boolean,
  reason: string,
): Promise<void> {
  const open = await parts.store.all("open_task", { ticket_id: ticket.ticket_id });
  const tasks = await parts.store.getMany(
    "task",
    open.map(({ task_id }) => ({ task_id })),
  );
  // What failed in a visit that is over holds no gate of another one.
  for (const task of tasks.filter((row) => row.status === "failed" && isLeft(row))) await closeTask(parts, ctx, task);
  for (const task of tasks.filter((row) => !hasEnded(row.status) && isLeft(row)))
    await cancelOpen(cancel, ctx, task.task_id, reason);
}
