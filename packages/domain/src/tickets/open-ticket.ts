import type { createTicket } from "@omoios/contracts/shapes/ticket";
import { newId, type TicketId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type * as z from "zod";
import type { Change, EventDraft, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { addTasks } from "./add-tasks.ts";
import { briefChange } from "./brief.ts";
import { dependenciesOf, draftsOf } from "./drafts.ts";
import { inTasks, judgeTasks, together } from "./judge-tasks.ts";
import { noticeStuckDependencies } from "./lost-dependencies.ts";
import type { TicketRow } from "./model.ts";
import { moveTo } from "./move.ts";
import { DEFAULT_WORKFLOW, type TicketParts } from "./parts.ts";
import { initialPhase, isWorking, phaseOf } from "./transitions.ts";
import type { Workflow } from "./workflow.ts";

/** Opens a ticket in the workflow's first phase, or with `start` in its first working phase, with its tasks in the same call. */
export async function openTicket(
  parts: TicketParts,
  ctx: RequestContext,
  given: z.output<ReturnType<typeof createTicket>>,
): Promise<TicketRow> {
  const workflow = parts.workflows.get(given.workflow ?? DEFAULT_WORKFLOW);
  if (workflow === undefined) {
    const tasks = await judgeTasks(parts, given.tasks ?? [], { workflow, at: inTasks });
    throw together([workflowUnknown(parts, given.workflow), ...tasks]);
  }
  const ticket_id = newId("ticket", ctx.random);
  const row = newTicket(ticket_id, given, workflow, ctx);
  const first = given.start ? firstWorking(workflow) : undefined;
  const why = { why: "started", who: ctx.actor.id, forced: false, evidence: [] };
  const started = first === undefined ? undefined : moveTo(row, workflow, first, why, ctx);
  const after = started?.after ?? row;
  const more: Change[] = [
    { kind: "ticket_body", after: { version: 0, ticket_id, description: given.description } },
    briefChange(after, undefined),
    { kind: "visit", after: firstVisit(row, ctx) },
    ...(started?.more ?? []),
  ];
  const events: EventDraft[] = [{ type: "ticket.created" }, ...(started?.events ?? [])];
  if (given.tasks === undefined) {
    const [made] = await untilSettled(() =>
      parts.commit(ctx, [{ kind: "ticket", after, events }, ...more], { made: ticket_id }),
    );
    return made as TicketRow;
  }
  const { drafts } = await draftsOf(parts, ctx, given.tasks, { workflow, phase_id: after.phase_id, at: inTasks });
  const { ticket } = await addTasks(parts, ctx, drafts, async () => ({ after, events, more }), ticket_id);
  await noticeStuckDependencies(parts, ctx, dependenciesOf(drafts));
  return ticket;
}

export function workflowUnknown({ workflows }: TicketParts, workflow: string | undefined): Problem {
  const allowed = [...workflows.keys()];
  const errors = [{ path: "/workflow", message: `${workflow} is none of ${allowed.join(", ")}` }];
  return new Problem("ticket.workflow_unknown", { errors, extra: { allowed } });
}

function newTicket(
  ticket_id: TicketId,
  given: z.output<ReturnType<typeof createTicket>>,
  workflow: Workflow,
  ctx: RequestContext,
): TicketRow {
  return {
    version: 0,
    ticket_id,
    title: given.title,
    priority: given.priority ?? "MEDIUM",
    workflow: workflow.id,
    project: given.project,
    labels: given.labels ?? [],
    external_ref: given.external_ref,
    phase_id: initialPhase(workflow).id,
    visit: 1,
    phase_entered_at: ctx.now,
    status: "open",
    is_blocked: false,
    blocks: 0,
    task_count: 0,
    visit_tasks: 0,
    ahead: {},
    generated_visit: 1,
    evidence_version: 0,
    created_by: ctx.actor.id,
    created_at: ctx.now,
    updated_at: ctx.now,
  };
}

function firstVisit(ticket: TicketRow, ctx: RequestContext) {
  return {
    version: 0,
    ticket_id: ticket.ticket_id,
    visit: 1,
    to: ticket.phase_id,
    why: "created",
    who: ctx.actor.id,
    forced: false,
    backward: false,
    evidence: [],
    at: ctx.now,
    time_spent_seconds: 0,
  };
}

/** Where `start` leads: the first phase in order in which agents work. */
function firstWorking(workflow: Workflow) {
  const [id] = workflow.phases
    .filter(isWorking)
    .sort((a, b) => a.order - b.order)
    .map((phase) => phase.id);
  return id === undefined ? undefined : phaseOf(workflow, id);
}
