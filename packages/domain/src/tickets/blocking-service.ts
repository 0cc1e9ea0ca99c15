import type { BlockClass } from "@omoios/contracts/shapes/ticket";
import type { Instant } from "@omoios/kernel/clock";
import type { TaskId, TicketId } from "@omoios/kernel/ids";
import type { Change, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { hasEnded, type TaskRow } from "../tasks/model.ts";
import { tasksOf } from "../tasks/reads.ts";
import { type Block, blocksAt, classifyBlock, isStalled, type OpenTask } from "./blocking.ts";
import type { TicketRow } from "./model.ts";
import type { TicketParts } from "./parts.ts";
import { placeOf, type TicketTask, tasksOfTicket } from "./reads.ts";
import { makeRemediation } from "./remediation.ts";
import { isWorking } from "./transitions.ts";

/** How soon a blocked ticket is looked at again, to see whether what held it is over. */
const RECHECK_MS = 60_000;
const NAMED = 10;
/** Shown statuses only: a task that is not opened yet waits like a pending one. */
const shown = (task: TaskRow) => (task.status === "staged" ? ("pending" as const) : task.status);

/** Marks a ticket blocked, or gives a standing block its weightier reason. One remediation task is made for each occurrence. */
export async function blockTicket(
  parts: TicketParts,
  ctx: RequestContext,
  ticket_id: TicketId,
  block: Block,
): Promise<void> {
  const ticket = await untilSettled(async () => {
    const before = await parts.store.get("ticket", { ticket_id });
    if (before === undefined || before.status !== "open") return undefined;
    const blocked_by = [...new Set([...(before.blocked_by ?? []), ...(block.blocked_by as TaskId[])])].slice(0, NAMED);
    const same =
      before.is_blocked &&
      before.blocked_class === block.class &&
      blocked_by.length === (before.blocked_by ?? []).length;
    // The same again is written too, so that a look at the block that began before this one cannot let it go.
    const change: Change = same
      ? { kind: "ticket", before, after: before }
      : {
          kind: "ticket",
          before,
          after: blockedRow(before, block.class, block.reason, blocked_by, ctx.now),
          events: [{ type: "ticket.blocked" }],
        };
    const [row] = await parts.commit(ctx, [change]);
    return row as TicketRow;
  });
  if (ticket !== undefined) await makeRemediation(parts, ctx, ticket);
}

/** A ticket that is blocked: the flag, why, since when, and the moment at which it is looked at again. */
export function blockedRow(
  ticket: TicketRow,
  blocked_class: BlockClass,
  blocked_reason: string,
  blocked_by: TaskId[],
  now: Instant,
): TicketRow {
  return {
    ...ticket,
    is_blocked: true,
    blocked_class,
    blocked_reason,
    blocked_at: ticket.is_blocked ? ticket.blocked_at : now,
    blocked_by: blocked_by.length === 0 ? undefined : blocked_by,
    blocks: ticket.is_blocked ? ticket.blocks : ticket.blocks + 1,
    due_at: now + RECHECK_MS,
    updated_at: now,
  };
}

export function unblockedRow(ticket: TicketRow, now: Instant, blocked_after_seconds: number): TicketRow {
  return {
    ...ticket,
    is_blocked: false,
    blocked_class: undefined,
    blocked_reason: undefined,
    blocked_at: undefined,
    unblocked_at: now,
    blocked_by: undefined,
    due_at: now + blocked_after_seconds * 1000,
    updated_at: now,
  };
}

/** Tasks that ended without completing block the tickets of the tasks that wait for them. */
export async function noticeStuckDependencies(
  parts: TicketParts,
  ctx: RequestContext,
  task_ids: readonly TaskId[],
): Promise<void> {
  const stuck = (await tasksOf(parts, task_ids)).filter(({ status }) => status === "failed" || status === "cancelled");
  for (const task of stuck) {
    const edges = await parts.store.all("edge", { dependency_id: task.task_id });
    for (const ticket_id of new Set(edges.map((edge) => edge.ticket_id))) {
      const reason = `A dependency ended ${task.status}: ${task.task_id}.`;
      await blockTicket(parts, ctx, ticket_id, { class: "dependency", reason, blocked_by: [task.task_id] });
    }
  }
}

/** A task that waits blocks its ticket where something that it waits for ended without completing. */
export async function noticeLostDependencies(parts: TicketParts, ctx: RequestContext, task: TaskRow): Promise<void> {
  const body = await parts.store.get("task_body", { ticket_id: task.ticket_id, n: task.n });
  await noticeStuckDependencies(parts, ctx, body?.depends_on ?? []);
}

/** A task that came back no longer blocks the tickets that wait for it. */
export async function noticeReturn(parts: TicketParts, ctx: RequestContext, task: TaskRow): Promise<void> {
  const edges = await parts.store.all("edge", { dependency_id: task.task_id });
  for (const ticket_id of new Set([...edges.map((edge) => edge.ticket_id), task.ticket_id]))
    await recheckBlock(parts, ctx, ticket_id);
}

/** Lets a block go when what held it is over: progress since, or no dependency left that ended without completing. */
export async function recheckBlock(parts: TicketParts, ctx: RequestContext, ticket_id: TicketId): Promise<void> {
  await untilSettled(async () => {
    const before = await parts.store.get("ticket", { ticket_id });
    if (before === undefined || !before.is_blocked || before.status !== "open") return;
    const all = await tasksOfTicket(parts, ticket_id);
    const held = before.blocked_class === "dependency" ? stuckOf(await openTasks(parts, all)) : [];
    const over =
      before.blocked_class === "dependency" ? held.length === 0 : (lastProgress(all) ?? 0) > (before.blocked_at ?? 0);
    if (over) {
      const after = unblockedRow(before, ctx.now, parts.limits.blocked_after_seconds);
      await parts.commit(ctx, [{ kind: "ticket", before, after, events: [{ type: "ticket.unblocked" }] }]);
    } else if ((before.due_at ?? 0) <= ctx.now || held.join() !== (before.blocked_by ?? []).join()) {
      const blocked_by = held.length === 0 ? before.blocked_by : held;
      await parts.commit(ctx, [
        { kind: "ticket", before, after: { ...before, blocked_by, due_at: ctx.now + RECHECK_MS } },
      ]);
    }
  });
}

/** Marks a ticket blocked that made no progress for too long; otherwise sets when to look again. */
export async function detectStall(
  parts: TicketParts,
  ctx: RequestContext,
  ticket: TicketRow,
): Promise<Instant | undefined> {
  const { phase } = placeOf(parts, ticket);
  const all = await tasksOfTicket(parts, ticket.ticket_id);
  const facts = {
    status: ticket.status,
    is_blocked: ticket.is_blocked,
    working: isWorking(phase),
    phase_entered_at: ticket.phase_entered_at,
    last_progress_at: lastProgress(all),
    unblocked_at: ticket.unblocked_at,
  };
  const after = parts.limits.blocked_after_seconds;
  if (!isStalled(facts, ctx.now, after)) return blocksAt(facts, after);
  const open_tasks = await openTasks(parts, all);
  await blockTicket(
    parts,
    ctx,
    ticket.ticket_id,
    classifyBlock({ ticket_id: ticket.ticket_id, open_tasks, verdict: ticket.verdict }),
  );
  return undefined;
}

/** Why the ticket would be blocked if it were now. */
export async function classOfBlock(parts: TicketParts, ticket: TicketRow): Promise<Block> {
  const open_tasks = await openTasks(parts, await tasksOfTicket(parts, ticket.ticket_id));
  return classifyBlock({ ticket_id: ticket.ticket_id, open_tasks, verdict: ticket.verdict });
}

async function openTasks(parts: TicketParts, all: readonly TicketTask[]): Promise<OpenTask[]> {
  const open = all.filter(({ task }) => !hasEnded(task.status));
  const elsewhere = await tasksOf(parts, [...new Set(open.flatMap(({ body }) => body.depends_on))]);
  const known = new Map(elsewhere.map((task) => [task.task_id, task]));
  return open.map(({ task, body }) => ({
    task_id: task.task_id,
    status: shown(task),
    waits_for: body.depends_on.flatMap((id) => {
      const dependency = known.get(id);
      return dependency === undefined || dependency.status === "completed"
        ? []
        : [{ task_id: id, status: shown(dependency), ticket_id: dependency.ticket_id }];
    }),
  }));
}

function stuckOf(open: readonly OpenTask[]): TaskId[] {
  const held = open
    .flatMap(({ waits_for }) => waits_for)
    .filter(({ status }) => status === "failed" || status === "cancelled");
  return [...new Set(held.map(({ task_id }) => task_id as TaskId))].sort().slice(0, NAMED);
}

/** When a task of the ticket was last started, progressed or ended. */
function lastProgress(all: readonly TicketTask[]): Instant | undefined {
  const moments = all
    .flatMap(({ task }) => [task.progressed_at, task.completed_at])
    .filter((moment) => moment !== undefined);
  return moments.length === 0 ? undefined : Math.max(...moments);
}
