import { type Id, newId, type TaskId } from "@omoios/kernel/ids";
import type { Change, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { type MadeTask, makeTask, type TaskDraft } from "../tasks/create.ts";
import { completedAttempts, tasksOf } from "../tasks/reads.ts";
import { releaseCompleted } from "../tasks/release.ts";
import { commitBatch } from "./batch.ts";
import { counted, type Receiving } from "./counting.ts";
import { visitFor } from "./left-phases.ts";
import type { TicketRow } from "./model.ts";
import type { TicketParts } from "./parts.ts";

/** Rows of one transaction, less some for the ticket, its rows and an idempotency key. */
const TRANSACTION_ROWS = 80;

/**
 * Makes tasks, all or nothing: in one transaction with their ticket where they fit, as a batch where they do not.
 * @param receive reads the ticket anew at each try, so that the tasks are counted on what is there
 * @param made what a repeated request reads again
 */
export async function addTasks(
  parts: TicketParts,
  ctx: RequestContext,
  drafts: readonly TaskDraft[],
  receive: () => Promise<Receiving>,
  made?: string,
): Promise<{ tasks: readonly TaskId[]; ticket: TicketRow }> {
  const lanes = await lanesFor(parts, ctx, drafts);
  const own = new Set<string>(drafts.map(({ task_id }) => task_id));
  const rows = drafts.reduce((sum, { depends_on }) => sum + 3 + depends_on.length, 0);
  const ticket = await untilSettled(async () => {
    const receiving = await receive();
    const missing = await notMadeYet(parts, drafts, receiving);
    if (missing.length === 0) return receiving.after;
    const waits = await openDependencies(parts, missing, own);
    const make = (from: number, batch_id?: Id<"batch">) =>
      missing.map((draft, index) =>
        makeTask(
          draft,
          placeAt(draft, receiving.after, from + index, lanes, waits, drafts),
          ctx,
          parts.limits,
          batch_id,
        ),
      );
    if (rows <= TRANSACTION_ROWS) return commitAtOnce(parts, ctx, receiving, make(receiving.after.task_count), made);
    const batch_id = newId("batch", ctx.random);
    return commitBatch(parts, ctx, batch_id, receive, make, missing.length, made);
  });
  await lookOnceMore(parts, ctx, drafts, own);
  return { tasks: drafts.map(({ task_id }) => task_id), ticket };
}

/** The rows of a task that is made within a transaction. */
function changesOf({ task, body, open, edges, events }: MadeTask): Change[] {
  return [
    { kind: "task", after: task, events },
    { kind: "task_body", after: body },
    { kind: "open_task", after: open },
    ...edges.map((edge): Change => ({ kind: "edge", after: edge })),
  ];
}

async function commitAtOnce(
  parts: TicketParts,
  ctx: RequestContext,
  receiving: Receiving,
  made: MadeTask[],
  name?: string,
): Promise<TicketRow> {
  const after = { ...counted(receiving.after, made, false), updated_at: ctx.now };
  const ticket: Change = {
    kind: "ticket",
    ...(receiving.before === undefined ? {} : { before: receiving.before }),
    after,
    events: receiving.events ?? [],
  };
  const changes = [ticket, ...(receiving.more ?? []), ...made.flatMap(changesOf)];
  const [row] = await parts.commit(ctx, changes, name === undefined ? {} : { made: name });
  for (const { task } of made) if (task.status === "ready") parts.watch.notify(task.lane);
  return row as TicketRow;
}

type Lanes = ReadonlyMap<string, { lane: string; shards: number }>;
const laneKey = ({ phase_id, required_capabilities }: TaskDraft) => JSON.stringify([phase_id, required_capabilities]);

/** The lanes exist before their first task stands in them. */
async function lanesFor(parts: TicketParts, ctx: RequestContext, drafts: readonly TaskDraft[]): Promise<Lanes> {
  const lanes = new Map<string, { lane: string; shards: number }>();
  for (const draft of drafts) {
    const key = laneKey(draft);
    if (!lanes.has(key)) lanes.set(key, await parts.book.ensureLane(ctx, draft.phase_id, draft.required_capabilities));
  }
  return lanes;
}

/** Of drafts whose ids follow from what they are, some may exist: a call that died is repeated. */
async function notMadeYet(
  parts: TicketParts,
  drafts: readonly TaskDraft[],
  { before }: Receiving,
): Promise<TaskDraft[]> {
  if (before === undefined) return [...drafts];
  const there = new Set(
    (
      await tasksOf(
        parts,
        drafts.map(({ task_id }) => task_id),
      )
    )
      .filter(({ status }) => status !== "staged")
      .map(({ task_id }) => task_id),
  );
  return drafts.filter(({ task_id }) => !there.has(task_id));
}

/**
 * Per draft, the dependencies that it waits for: those that have not completed, and those that left a handoff, which it is given when it
 * is released from them, there and then.
 */
async function openDependencies(
  parts: TicketParts,
  drafts: readonly TaskDraft[],
  own: ReadonlySet<string>,
): Promise<Map<TaskId, TaskId[]>> {
  const elsewhere = [...new Set(drafts.flatMap(({ depends_on }) => depends_on))].filter((id) => !own.has(id));
  const completed = (await tasksOf(parts, elsewhere)).filter(({ status }) => status === "completed");
  const done = new Set<string>(completed.map(({ task_id }) => task_id));
  for (const { task_id, handoff } of await completedAttempts(parts, completed))
    if (handoff !== undefined) done.delete(task_id);
  return new Map(drafts.map(({ task_id, depends_on }) => [task_id, depends_on.filter((id) => !done.has(id))]));
}

function placeAt(
  draft: TaskDraft,
  ticket: TicketRow,
  n: number,
  lanes: Lanes,
  waits: Map<TaskId, TaskId[]>,
  all: readonly TaskDraft[],
) {
  const lane = lanes.get(laneKey(draft)) ?? { lane: "", shards: 1 };
  const visit = visitFor(ticket, draft.phase_id);
  const dependents = all.filter(({ depends_on }) => depends_on.includes(draft.task_id)).length;
  const looks_again = draft.depends_on.some((id) => all.every(({ task_id }) => task_id !== id));
  const waits_for = waits.get(draft.task_id) ?? [];
  return { ticket_id: ticket.ticket_id, n, visit, ...lane, waits_for, looks_again, dependents };
}

/** What completed while the edges were written is released there and then. */
async function lookOnceMore(
  parts: TicketParts,
  ctx: RequestContext,
  drafts: readonly TaskDraft[],
  own: ReadonlySet<string>,
): Promise<void> {
  const waiting = drafts.filter(({ depends_on }) => depends_on.some((id) => !own.has(id)));
  if (waiting.length === 0) return;
  for (const task of await tasksOf(
    parts,
    waiting.map(({ task_id }) => task_id),
  )) {
    if (task.status === "pending") await releaseCompleted(parts, ctx, task);
  }
}
