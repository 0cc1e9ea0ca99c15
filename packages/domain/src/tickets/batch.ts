import { backoffMs } from "@omoios/kernel/backoff";
import type { Id, TaskId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import { type Change, type RequestContext, Stale } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import type { Row, RowKind } from "../rows.ts";
import { type MadeTask, openTask } from "../tasks/create.ts";
import type { BatchRow, TaskBodyRow, TaskRow } from "../tasks/model.ts";
import { releaseCompleted } from "../tasks/release.ts";
import { counted, type Receiving } from "./counting.ts";
import type { TicketRow } from "./model.ts";
import type { TicketParts } from "./parts.ts";

const SIDE_BY_SIDE = 12;
/** A ticket whose tasks end by the dozen changes often: who finds it changed waits at random before it loads again. */
const BUSY = { base_ms: 15, cap_ms: 500, jitter: 0.9 };
const BUSY_TRIES = 12;

/**
 * Up to 500 tasks, all or nothing: their numbers are reserved, their rows written staged and shown to nobody; then one transaction
 * (batch, ticket, key) makes them valid. A batch that gets no further is removed when it is due.
 */
export async function commitBatch(
  parts: TicketParts,
  ctx: RequestContext,
  batch_id: Id<"batch">,
  receive: () => Promise<Receiving>,
  make: (from: number, batch_id: Id<"batch">) => MadeTask[],
  count: number,
  name?: string,
): Promise<TicketRow> {
  const batch = await reserve(parts, ctx, batch_id, await receive(), count);
  const made = make(batch.n_from, batch_id);
  // Each step is whole before the next begins: bodies tell a removal which tasks there may be, and tasks what else.
  await parts.staging.write(made.map(bodyOf), ctx.now);
  await parts.staging.write(made.map(taskOf), ctx.now);
  await parts.staging.write(made.flatMap(restOf), ctx.now);
  return makeValid(parts, ctx, batch, made, receive, name);
}

/** Loads the ticket and commits again while others change it: not for ever, and not where something else refuses the batch. */
async function makeValid(
  parts: TicketParts,
  ctx: RequestContext,
  batch: BatchRow,
  made: readonly MadeTask[],
  receive: () => Promise<Receiving>,
  name?: string,
): Promise<TicketRow> {
  let refused: { version: number | undefined; error: Stale } | undefined;
  for (let tries = 0; ; tries++) {
    const { before, after, events = [], more = [] } = await receive();
    // The ticket stands as it stood: its key was sealed by another try of the same request, which then made the tasks.
    if (refused !== undefined && (tries > BUSY_TRIES || refused.version === before?.version)) throw busy(refused.error);
    const numbered = before !== undefined;
    const next = { ...counted(after, made, numbered), updated_at: ctx.now };
    const valid: BatchRow = { ...batch, status: "valid", due_at: ctx.now };
    const changes: Change[] = [
      { kind: "ticket", ...(before === undefined ? {} : { before }), after: next, events },
      { kind: "batch", before: batch, after: valid },
      ...more,
    ];
    try {
      const [row] = await parts.commit(ctx, changes, name === undefined ? {} : { made: name });
      await parts.timers.set([{ kind: "batch", id: batch.batch_id, due_at: ctx.now }], ctx.now);
      return row as TicketRow;
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      // The batch must still be ours and staged.
      const current = await parts.store.get("batch", { batch_id: batch.batch_id });
      if (current?.version !== batch.version) throw error;
      refused = { version: before?.version, error };
      await parts.sleep(backoffMs(BUSY, tries, ctx.random));
    }
  }
}

const busy = (error: Stale) =>
  new Problem("conflict.busy", { detail: error.message, extra: { retry_after_ms: 200 }, cause: error });

/** The batch's row, with the numbers of its tasks; those of a new ticket begin at 0. */
async function reserve(
  parts: TicketParts,
  ctx: RequestContext,
  batch_id: Id<"batch">,
  receiving: Receiving,
  count: number,
): Promise<BatchRow> {
  const { before } = receiving;
  const row: BatchRow = {
    version: 0,
    batch_id,
    ticket_id: receiving.after.ticket_id,
    n_from: before?.task_count ?? 0,
    count,
    status: "staged",
    due_at: ctx.now + parts.limits.batch_open_seconds * 1000,
  };
  const left = await parts.store.get("batch", { batch_id });
  if (left?.status === "staged") return left;
  const changes: Change[] = [{ kind: "batch", after: row }];
  if (before !== undefined)
    changes.push({ kind: "ticket", before, after: { ...before, task_count: before.task_count + count } });
  const [batch] = await parts.commit(ctx, changes);
  return batch as BatchRow;
}

interface Staged {
  kind: RowKind;
  row: Row;
}

const bodyOf = ({ body }: MadeTask): Staged => ({ kind: "task_body", row: body });
const taskOf = ({ task }: MadeTask): Staged => ({ kind: "task", row: task });
const restOf = ({ open, edges }: MadeTask): Staged[] => [
  { kind: "open_task", row: open },
  ...edges.map((row) => ({ kind: "edge" as const, row })),
];

/** Opens the tasks of a valid batch, or removes the rows of one that never became valid. May be repeated. */
export async function batchIsDue(parts: TicketParts, ctx: RequestContext, batch_id: Id<"batch">): Promise<void> {
  const batch = await parts.store.get("batch", { batch_id });
  if (batch?.due_at === undefined || batch.due_at > ctx.now) return;
  const bodies = (await parts.store.all("task_body", { ticket_id: batch.ticket_id })).filter(
    ({ n }) => n >= batch.n_from && n < batch.n_from + batch.count,
  );
  const tasks = (
    await parts.store.getMany(
      "task",
      bodies.map(({ task_id }) => ({ task_id })),
    )
  ).filter((task) => task.batch_id === batch_id && task.status === "staged");
  if (batch.status === "staged") return remove(parts, ctx, batch, tasks, bodies);
  const own = new Set<string>(bodies.map(({ task_id }) => task_id));
  const dependents = new Map<string, number>();
  for (const id of bodies.flatMap(({ depends_on }) => depends_on)) dependents.set(id, (dependents.get(id) ?? 0) + 1);
  const waitsElsewhere = new Map(
    bodies.map(({ task_id, depends_on }) => [task_id, depends_on.some((id) => !own.has(id))]),
  );
  for (let from = 0; from < tasks.length; from += SIDE_BY_SIDE) {
    await Promise.all(
      tasks
        .slice(from, from + SIDE_BY_SIDE)
        .map((task) =>
          open(parts, ctx, task, dependents.get(task.task_id) ?? 0, waitsElsewhere.get(task.task_id) ?? false),
        ),
    );
  }
  const ttl = Math.ceil(ctx.now / 1000) + parts.limits.retention_days.tasks * 86_400;
  try {
    await parts.commit(ctx, [
      { kind: "batch", before: batch, after: { ...batch, status: "opened", due_at: undefined, ttl } },
    ]);
  } catch (error) {
    // Opened by another in this moment.
    if (!(error instanceof Stale)) throw error;
  }
}

/** @param dependents how many tasks of the batch wait for it: before it is opened there can hardly be others */
async function open(
  parts: TicketParts,
  ctx: RequestContext,
  staged: TaskRow,
  dependents: number,
  waitsElsewhere: boolean,
): Promise<void> {
  let known: TaskRow | undefined = staged;
  const task = await untilSettled(async () => {
    const before: TaskRow | undefined = known ?? (await parts.store.get("task", { task_id: staged.task_id }));
    known = undefined;
    if (before?.status !== "staged") return undefined;
    const fresh: TaskRow = { ...before, created_at: ctx.now, batch_id: undefined };
    const standing = { dependents, shards: await parts.book.shardsOf(ctx, before.lane) };
    const { task: after, events } = openTask(fresh, standing, ctx, parts.limits);
    await parts.commit(ctx, [{ kind: "task", before, after, events }]);
    return after;
  });
  if (task?.status === "ready") parts.watch.notify(task.lane);
  else if (task !== undefined && waitsElsewhere) await releaseCompleted(parts, ctx, task);
}

/** Takes a batch that never became valid away in the opposite order, so that what is left of it can always be found. The batch goes last. */
async function remove(
  parts: TicketParts,
  ctx: RequestContext,
  batch: BatchRow,
  tasks: TaskRow[],
  bodies: TaskBodyRow[],
): Promise<void> {
  const bodyOfTask = new Map(bodies.map((body) => [body.task_id, body]));
  await parts.staging.remove(tasks.flatMap((task) => leftOf(task, bodyOfTask.get(task.task_id)?.depends_on ?? [])));
  await parts.staging.remove(tasks.map((row) => ({ kind: "task", row })));
  await parts.staging.remove(bodies.map((row) => ({ kind: "task_body", row })));
  await parts.commit(ctx, [{ kind: "batch", before: batch }]);
}

/** What a staged task may have left beside itself and its body. */
function leftOf({ ticket_id, phase_id, n, task_id }: TaskRow, depends_on: readonly TaskId[]): Staged[] {
  const open = { version: 0, ticket_id, phase_id, n, task_id, opened_at_version: 0 };
  return [
    { kind: "open_task", row: open },
    ...depends_on.map((dependency_id) => ({
      kind: "edge" as const,
      row: { version: 0, dependency_id, dependent_id: task_id, ticket_id },
    })),
  ];
}
