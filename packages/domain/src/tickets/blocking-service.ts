import type { Instant } from "@omoios/kernel/clock";
import type { TaskId, TicketId } from "@omoios/kernel/ids";
import type { Change, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { hasEnded, type TaskRow } from "../tasks/model.ts";
import { edgesBefore, tasksOf } from "../tasks/reads.ts";
import {
  type Awaited,
  type Block,
  blocksAt,
  classifyBlock,
  isOver,
  isStalled,
  MOST_NAMED,
  notBlocked,
  type OpenTask,
} from "./blocking.ts";
import type { TicketRow } from "./model.ts";
import type { TicketParts } from "./parts.ts";
import { knownPlaceOf, type TicketTask, tasksOfTicket } from "./reads.ts";
import { makeRemediation, remediationOf } from "./remediation.ts";
import { isWorking } from "./transitions.ts";

/** How soon a blocked ticket is looked at again, to see whether what held it is over. */
const RECHECK_MS = 60_000;
/** Shown statuses only: a task that is not opened yet waits like a pending one. */
const shown = (task: TaskRow) => (task.status === "staged" ? ("pending" as const) : task.status);

/**
 * Marks a ticket blocked, or gives a standing block its weightier reason; an operator's words stay. One remediation task is made for
 * each occurrence.
 */
export async function blockTicket(
  parts: TicketParts,
  ctx: RequestContext,
  ticket_id: TicketId,
  block: Block,
): Promise<void> {
  const ticket = await untilSettled(async () => {
    const before = await parts.store.get("ticket", { ticket_id });
    if (before === undefined || before.status !== "open") return undefined;
    const blocked_by = [...new Set([...(before.blocked_by ?? []), ...block.blocked_by])].slice(0, MOST_NAMED);
    const same =
      before.is_blocked &&
      before.blocked_class === block.class &&
      before.blocked_stalled === block.stalled &&
      blocked_by.length === (before.blocked_by ?? []).length;
    // The same again is written too, so that a look at the block that began before this one cannot let it go.
    const change: Change = same
      ? { kind: "ticket", before, after: before }
      : {
          kind: "ticket",
          before,
          after: blockedRow(before, { ...block, reason: reasonOf(before) ?? block.reason, blocked_by }, ctx.now),
          events: [{ type: "ticket.blocked" }],
        };
    const [row] = await parts.commit(ctx, [change]);
    return row as TicketRow;
  });
  if (ticket !== undefined) await makeRemediation(parts, ctx, ticket);
}

/** A ticket that is blocked: the flag, why, since when, and the moment at which it is looked at again. */
export function blockedRow(ticket: TicketRow, block: Block, now: Instant): TicketRow {
  return {
    ...ticket,
    is_blocked: true,
    blocked_class: block.class,
    blocked_reason: block.reason,
    blocked_at: ticket.is_blocked ? ticket.blocked_at : now,
    blocked_by: block.blocked_by.length === 0 ? undefined : (block.blocked_by as TaskId[]),
    blocked_stalled: block.stalled,
    blocks: ticket.is_blocked ? ticket.blocks : ticket.blocks + 1,
    due_at: now + RECHECK_MS,
    updated_at: now,
  };
}

export function unblockedRow(ticket: TicketRow, now: Instant, blocked_after_seconds: number): TicketRow {
  return {
    ...ticket,
    ...notBlocked,
    unblocked_at: now,
    due_at: now + blocked_after_seconds * 1000,
    updated_at: now,
  };
}

/** Lets a block go when what held it is over. One that stays is looked at again, and its remediation task made if a crash prevented that. */
export async function recheckBlock(parts: TicketParts, ctx: RequestContext, ticket_id: TicketId): Promise<void> {
  await untilSettled(async () => {
    const before = await parts.store.get("ticket", { ticket_id });
    if (before === undefined || !before.is_blocked || before.status !== "open") return;
    const all = await tasksOfTicket(parts, ticket_id);
    const facts = { ticket_id, open_tasks: await openTasks(parts, all), verdict: before.verdict };
    const progressed = (lastProgress(all) ?? 0) > (before.blocked_at ?? 0);
    const standing = {
      class: before.blocked_class,
      by_hand: before.blocked_by_hand === true,
      stalled: before.blocked_stalled === true,
      progressed,
    };
    if (isOver(standing, facts)) {
      const after = unblockedRow(before, ctx.now, parts.limits.blocked_after_seconds);
      await parts.commit(ctx, [{ kind: "ticket", before, after, events: [{ type: "ticket.unblocked" }] }]);
      return;
    }
    const now = classifyBlock(facts);
    const held_for = standing.by_hand ? now.class : (before.blocked_class ?? now.class);
    const blocked_by = held_for === "dependency" ? now.blocked_by : [];
    const due = (before.due_at ?? 0) <= ctx.now;
    const others = blocked_by.join() !== (before.blocked_by ?? []).join();
    if (!due && !others) return;
    const said = others && !standing.by_hand && blocked_by.length > 0 ? undefined : before.blocked_reason;
    const stalled = before.blocked_stalled;
    const block = { class: held_for, reason: said ?? now.reason, blocked_by, stalled };
    const after = blockedRow(before, block, ctx.now);
    const [row] = await parts.commit(ctx, [
      { kind: "ticket", before, after: { ...after, updated_at: before.updated_at } },
    ]);
    if (due && isUnmade(all, before)) await makeRemediation(parts, ctx, row as TicketRow);
  });
}

/** Marks a ticket blocked that made no progress for too long; otherwise sets when to look again. */
export async function detectStall(
  parts: TicketParts,
  ctx: RequestContext,
  ticket: TicketRow,
): Promise<Instant | undefined> {
  const after = parts.limits.blocked_after_seconds;
  const phase = knownPlaceOf(parts, ticket)?.phase;
  // Looked at again all the same: its place may be back by then, and what it was due for with it.
  if (phase === undefined) return ctx.now + after * 1000;
  const all = await tasksOfTicket(parts, ticket.ticket_id);
  const facts = {
    status: ticket.status,
    is_blocked: ticket.is_blocked,
    working: isWorking(phase),
    phase_entered_at: ticket.phase_entered_at,
    last_progress_at: lastProgress(all),
    unblocked_at: ticket.unblocked_at,
  };
  if (!isStalled(facts, ctx.now, after)) return blocksAt(facts, after);
  const open_tasks = await openTasks(parts, all);
  const block = classifyBlock({ ticket_id: ticket.ticket_id, open_tasks, verdict: ticket.verdict });
  await blockTicket(parts, ctx, ticket.ticket_id, { ...block, stalled: true });
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
  const missing = open.map(({ body: { task_id, depends_on } }) => ({
    task_id,
    depends_on: depends_on.filter((id) => !known.has(id)),
  }));
  // One that completed before it left has taken its edge along.
  const gone = await edgesBefore(parts, missing);
  return open.map(({ task, body }) => ({
    task_id: task.task_id,
    status: shown(task),
    waits_for: [
      ...body.depends_on.flatMap((id): Awaited[] => {
        const dependency = known.get(id);
        return dependency === undefined || dependency.status === "completed"
          ? []
          : [{ task_id: id, status: shown(dependency), ticket_id: dependency.ticket_id }];
      }),
      ...gone
        .filter(({ dependent_id }) => dependent_id === task.task_id)
        .map(({ dependency_id }): Awaited => ({ task_id: dependency_id, status: "gone" })),
    ],
  }));
}

/** What an operator said of a standing block. */
const reasonOf = ({ blocked_by_hand, blocked_reason }: TicketRow) => (blocked_by_hand ? blocked_reason : undefined);

const isUnmade = (all: readonly TicketTask[], ticket: TicketRow) =>
  all.every(({ task }) => task.task_id !== remediationOf(ticket));

/** When a task of the ticket was last started, progressed or ended. */
function lastProgress(all: readonly TicketTask[]): Instant | undefined {
  const moments = all
    .flatMap(({ task }) => [task.progressed_at, task.completed_at])
    .filter((moment) => moment !== undefined);
  return moments.length === 0 ? undefined : Math.max(...moments);
}
