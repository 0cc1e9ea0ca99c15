import type { TaskContext } from "@omoios/contracts/views/task";
import type { Change, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import type { AttemptRow } from "../tasks/model.ts";
import { completedAttempts } from "../tasks/reads.ts";
import { compileContext } from "./context.ts";
import type { BriefRow, TicketRow } from "./model.ts";
import type { TicketParts } from "./parts.ts";
import { tasksOfTicket } from "./reads.ts";

/** What the ticket's phases produced so far, within a budget of tokens: outputs of completed tasks in their order, artifacts, notes, feedback. */
export async function contextOf(parts: TicketParts, ticket: TicketRow, budget_tokens: number): Promise<TaskContext> {
  const [all, artifacts, notes, visits] = await Promise.all([
    tasksOfTicket(parts, ticket.ticket_id),
    parts.store.all("artifact", { ticket_id: ticket.ticket_id }, { without: ["content"] }),
    parts.store.all("ticket_note", { ticket_id: ticket.ticket_id }),
    parts.store.all("visit", { ticket_id: ticket.ticket_id }),
  ]);
  const completed = all
    .filter(({ task }) => task.status === "completed")
    .sort((a, b) => (a.task.completed_at ?? 0) - (b.task.completed_at ?? 0));
  const attempts = await completedAttempts(
    parts,
    completed.map(({ task }) => task),
  );
  const byTask = new Map(attempts.map((attempt) => [attempt.task_id, attempt]));
  const results = completed.map(({ task }) => byTask.get(task.task_id));
  const said = notes.map(({ decisions, risks }) => ({ decisions, risks }));
  return compileContext(
    {
      outputs: [...results.map(outputOf), ...said],
      artifacts: artifacts
        .sort((a, b) => a.created_at - b.created_at)
        .map(({ type, path = null, url = null }) => ({ type, path, url })),
      handoffs: results.flatMap((attempt) =>
        attempt?.handoff === undefined
          ? []
          : [{ task_id: attempt.task_id, from: "ticket" as const, handoff: attempt.handoff }],
      ),
      feedback: visits.filter(({ backward }) => backward).map(({ why }) => why),
      errors: [],
      notes: notes.flatMap((row) => row.notes),
    },
    budget_tokens,
  );
}

/** Compiles the ticket's brief anew: its head, and the context that claimers receive. */
export async function compileBrief(parts: TicketParts, ctx: RequestContext, ticket: TicketRow): Promise<TaskContext> {
  const context = await contextOf(parts, ticket, parts.limits.context_budget_tokens);
  await untilSettled(async () => {
    const before = await parts.store.get("brief", { ticket_id: ticket.ticket_id });
    await parts.commit(ctx, [briefChange(ticket, before, context)]);
  });
  return context;
}

/** The change that brings a ticket's brief up to its head, and to a new context where there is one. */
export function briefChange(ticket: TicketRow, before: BriefRow | undefined, context?: TaskContext): Change {
  const { ticket_id, title, external_ref, labels } = ticket;
  const head = { ticket_id, title, external_ref, labels };
  if (before === undefined) return { kind: "brief", after: { version: 0, ...head, context } };
  return { kind: "brief", before, after: { ...before, ...head, context: context ?? before.context } };
}

function outputOf(attempt: AttemptRow | undefined): unknown {
  return (attempt?.result as { output?: unknown } | undefined)?.output;
}
