import type { Id } from "@omoios/kernel/ids";
import { type Change, type RequestContext, Stale } from "../commit.ts";
import { busy, patiently } from "../decide.ts";
import type { Row, RowKind } from "../rows.ts";
import type { MadeTask } from "../tasks/create.ts";
import type { BatchRow } from "../tasks/model.ts";
import { counted, type Receiving } from "./counting.ts";
import type { TicketRow } from "./model.ts";
import type { TicketParts } from "./parts.ts";

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
  // A ticket whose tasks end by the dozen changes often.
  const patience = patiently(parts.sleep, ctx.random);
  let refused: { version: number | undefined; error: Stale } | undefined;
  for (let tries = 1; ; tries++) {
    const { before, after, events = [], more = [] } = await receive();
    // The ticket stands as it stood: its key was sealed by another try of the same request, which then made the tasks.
    if (refused !== undefined && (tries > patience.tries || refused.version === before?.version))
      throw busy(refused.error);
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
      await patience.pause(tries);
    }
  }
}

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
    made_by: { actor: ctx.actor, correlation_id: ctx.correlation_id },
    status: "staged",
    due_at: ctx.now + parts.limits.batch_open_seconds * 1000,
  };
  const changes: Change[] = [{ kind: "batch", after: row }];
  if (before !== undefined)
    changes.push({ kind: "ticket", before, after: { ...before, task_count: before.task_count + count } });
  const [batch] = await parts.commit(ctx, changes);
  return batch as BatchRow;
}

/** A row that nobody sees yet. */
export interface Staged {
  kind: RowKind;
  row: Row;
}

const bodyOf = ({ body }: MadeTask): Staged => ({ kind: "task_body", row: body });
const taskOf = ({ task }: MadeTask): Staged => ({ kind: "task", row: task });
const restOf = ({ open, edges }: MadeTask): Staged[] => [
  { kind: "open_task", row: open },
  ...edges.map((row) => ({ kind: "edge" as const, row })),
];
