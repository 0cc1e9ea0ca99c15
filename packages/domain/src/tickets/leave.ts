import type { Change, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { expiryInDays } from "../expiry.ts";
import { inTurn } from "../in-turn.ts";
import { letterIdOf } from "../tasks/ended.ts";
import { hasEnded, type TaskBodyRow, type TaskRow } from "../tasks/model.ts";
import { edgesBefore, tasksOf } from "../tasks/reads.ts";
import type { TicketRow } from "./model.ts";
import type { TicketParts } from "./parts.ts";

const TASKS_A_PAGE = 100;

/**
 * Sets when an ended ticket leaves, with all that lies with it and with its tasks: so many days after its end. Row by row, the ticket
 * last, so that one that has its moment is through with it. May be repeated: what has its moment is not written again. A task's attempts
 * go by a number of days of their own.
 */
export async function letLeave(parts: TicketParts, ctx: RequestContext, ended: TicketRow): Promise<void> {
  const { ticket_id } = ended;
  const ttl = expiryInDays(ended.completed_at ?? ctx.now, parts.limits.retention_days.tasks);
  await untilSettled(async () => writeAll(parts, ctx, await besideTicket(parts, ticket_id, ttl)));
  let cursor: string | undefined;
  do {
    const page = await parts.store.page("task_body", { ticket_id }, { limit: TASKS_A_PAGE, cursor });
    // What follows from its tasks' ends may still be written in this moment.
    await untilSettled(async () => writeAll(parts, ctx, await ofTasks(parts, page.rows, ttl)));
    cursor = page.cursor;
  } while (cursor !== undefined);
  await untilSettled(async () => {
    const before = await parts.store.get("ticket", { ticket_id });
    if (before === undefined) return;
    await parts.commit(ctx, [{ kind: "ticket", before, after: { ...before, due_at: undefined, ttl } }]);
  });
}

/** Each by itself: they need not leave in one moment, and a transaction costs twice as much. */
const writeAll = ({ commit }: TicketParts, ctx: RequestContext, changes: readonly Change[]): Promise<void> =>
  inTurn(changes, async (change) => {
    await commit(ctx, [change]);
  });

/** Rows that have no moment yet. */
const staying = <R extends { ttl?: number | undefined }>(rows: readonly (R | undefined)[]): R[] =>
  rows.filter((row) => row !== undefined).filter((row) => row.ttl === undefined);

/** What lies with a ticket, its tasks aside. */
async function besideTicket({ store }: TicketParts, ticket_id: TicketRow["ticket_id"], ttl: number): Promise<Change[]> {
  const unread = { without: ["content"] } as const;
  const [bodies, briefs, gates, notes, visits, artifacts, revisions] = await Promise.all([
    store.getMany("ticket_body", [{ ticket_id }]),
    store.getMany("brief", [{ ticket_id }]),
    store.getMany("gate", [{ ticket_id }]),
    store.all("ticket_note", { ticket_id }),
    store.all("visit", { ticket_id }),
    store.all("artifact", { ticket_id }, unread),
    store.all("artifact_revision", { ticket_id }, unread),
  ]);
  return [
    ...staying(bodies).map((before): Change => ({ kind: "ticket_body", before, after: { ...before, ttl } })),
    ...staying(briefs).map((before): Change => ({ kind: "brief", before, after: { ...before, ttl } })),
    ...staying(gates).map((before): Change => ({ kind: "gate", before, after: { ...before, ttl } })),
    ...staying(notes).map((before): Change => ({ kind: "ticket_note", before, after: { ...before, ttl } })),
    ...staying(visits).map((before): Change => ({ kind: "visit", before, after: { ...before, ttl } })),
    ...staying(artifacts).map((before): Change => ({ kind: "artifact", before, after: { ...before, ttl } })),
    ...staying(revisions).map((before): Change => ({ kind: "artifact_revision", before, after: { ...before, ttl } })),
  ];
}

/** Tasks with what lies with them. One of a batch that nobody may see is taken away with its batch. */
async function ofTasks(parts: TicketParts, listed: readonly TaskBodyRow[], ttl: number): Promise<Change[]> {
  const ids = listed.map(({ task_id }) => task_id);
  const tasks = (await tasksOf(parts, ids)).filter(({ status }) => hasEnded(status));
  const ended = new Set<string>(tasks.map(({ task_id }) => task_id));
  const bodies = (
    await parts.store.getMany(
      "task_body",
      listed.map(({ ticket_id, n }) => ({ ticket_id, n })),
    )
  ).filter(({ task_id }) => ended.has(task_id));
  const beside = await Promise.all([
    notesOf(parts, tasks, ttl),
    lettersOf(parts, tasks, ttl),
    edgesOf(parts, tasks, bodies, ttl),
  ]);
  return [
    ...beside.flat(),
    ...staying(bodies).map((before): Change => ({ kind: "task_body", before, after: { ...before, ttl } })),
    ...staying(tasks).map((before): Change => ({ kind: "task", before, after: { ...before, ttl } })),
  ];
}

async function notesOf({ store }: TicketParts, tasks: readonly TaskRow[], ttl: number): Promise<Change[]> {
  const noted = staying(tasks).filter(({ has_notes }) => has_notes);
  const notes = await Promise.all(noted.map(({ task_id }) => store.all("task_note", { task_id })));
  return staying(notes.flat()).map((before): Change => ({ kind: "task_note", before, after: { ...before, ttl } }));
}

/** Dead letters of tasks that were not retried; a redriven one has its moment. */
async function lettersOf({ store }: TicketParts, tasks: readonly TaskRow[], ttl: number): Promise<Change[]> {
  const failed = tasks.filter(({ status }) => status === "failed");
  const letters = await store.getMany(
    "dead_letter",
    failed.map((task) => ({ dead_letter_id: letterIdOf(task) })),
  );
  return staying(letters).map((before): Change => ({ kind: "dead_letter", before, after: { ...before, ttl } }));
}

/** What tasks still waited for when they were cancelled. */
async function edgesOf(
  parts: TicketParts,
  tasks: readonly TaskRow[],
  bodies: readonly TaskBodyRow[],
  ttl: number,
): Promise<Change[]> {
  const waiting = new Set<string>(tasks.filter(({ blockers_left }) => blockers_left > 0).map(({ task_id }) => task_id));
  const edges = await edgesBefore(
    parts,
    bodies.filter(({ task_id }) => waiting.has(task_id)),
  );
  return staying(edges).map((before): Change => ({ kind: "edge", before, after: { ...before, ttl } }));
}
