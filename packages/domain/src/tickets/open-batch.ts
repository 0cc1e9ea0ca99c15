import type { Id, TaskId } from "@omoios/kernel/ids";
import type { RequestContext } from "../commit.ts";
import { unlessStale, untilSettled } from "../decide.ts";
import { expiryInDays } from "../expiry.ts";
import { inTurn } from "../in-turn.ts";
import { openTask } from "../tasks/create.ts";
import type { BatchRow, TaskBodyRow, TaskRow } from "../tasks/model.ts";
import { releaseCompleted } from "../tasks/release.ts";
import type { Staged } from "./batch.ts";
import type { TicketParts } from "./parts.ts";

const SIDE_BY_SIDE = 12;

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
  const asked: RequestContext = { ...ctx, ...batch.made_by };
  const own = new Set<string>(bodies.map(({ task_id }) => task_id));
  const dependents = new Map<string, number>();
  for (const id of bodies.flatMap(({ depends_on }) => depends_on)) dependents.set(id, (dependents.get(id) ?? 0) + 1);
  const waitsElsewhere = new Map(
    bodies.map(({ task_id, depends_on }) => [task_id, depends_on.some((id) => !own.has(id))]),
  );
  await inTurn(
    tasks,
    (task) => open(parts, asked, task, dependents.get(task.task_id) ?? 0, waitsElsewhere.get(task.task_id) ?? false),
    SIDE_BY_SIDE,
  );
  const ttl = expiryInDays(ctx.now, parts.limits.retention_days.tasks);
  // Where it is stale another has opened it in this moment.
  await unlessStale(() =>
    parts.commit(ctx, [
      { kind: "batch", before: batch, after: { ...batch, status: "opened", due_at: undefined, ttl } },
    ]),
  );
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
    const standing = { dependents, shards: await parts.book.shardsOf(ctx, before) };
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
