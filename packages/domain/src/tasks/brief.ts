import type { ClaimedTask, TaskContext } from "@omoios/contracts/views/task";
import { type Instant, timeOrNull, toRfc3339 } from "@omoios/kernel/clock";
import type { Page } from "../store.ts";
import type { AttemptRow, TaskNoteRow, TaskRow } from "./model.ts";
import type { OwnContext, TaskParts } from "./parts.ts";

/** Attempts and notes that are read at a time, until they fill the context's budget. */
const PAGE = 25;
/** A token of a budget is counted as four bytes. */
const BYTES_PER_TOKEN = 4;

/** What an agent is told of a task that it took: the task's words, its ticket's head, and what came before. */
export async function briefed(
  parts: Pick<TaskParts, "store" | "lanes" | "limits" | "fitContext">,
  task: TaskRow,
  now: Instant,
): Promise<ClaimedTask> {
  const { body, brief } = await parts.lanes.briefing(task);
  const { task_id } = task;
  const context = brief.context ?? emptyContext(parts.limits.context_budget_tokens);
  const read = <T>(
    wanted: boolean,
    page: (cursor: string | undefined) => Promise<Page<T>>,
    said: (row: T) => unknown,
  ) => (wanted ? readToFill(context.budget_tokens * BYTES_PER_TOKEN, page, said) : { rows: [], more: false });
  const notes = await read<TaskNoteRow>(
    task.has_notes === true,
    (cursor) => parts.store.page("task_note", { task_id }, { limit: PAGE, cursor }),
    ({ note, handoff }) => [note, handoff],
  );
  const attempts = await read<AttemptRow>(
    task.fence > 1,
    (cursor) => parts.store.page("attempt", { task_id }, { limit: PAGE, cursor, newest_first: true }),
    ({ error, handoff }) => [error?.message, handoff],
  );
  const unread = [
    ...(notes.more ? ["what further dependencies left"] : []),
    ...(attempts.more ? ["what earlier attempts left"] : []),
  ];
  return {
    task_id: task.task_id,
    fence: task.fence,
    lease_expires_at: toRfc3339(task.lease_expires_at ?? now),
    ticket_id: task.ticket_id,
    phase_id: task.phase_id,
    task_type: body.task_type,
    title: body.title,
    description: body.description ?? null,
    required_capabilities: body.required_capabilities,
    priority: task.priority,
    attempt: task.attempt,
    timeout_seconds: task.timeout_seconds,
    deadline_at: timeOrNull(task.deadline_at),
    ticket: {
      ticket_id: task.ticket_id,
      title: brief.title,
      external_ref: brief.external_ref ?? null,
      labels: brief.labels,
    },
    context: parts.fitContext(
      unread.length === 0 ? context : { ...context, cut: [...context.cut, ...unread] },
      ownOf(body.feedback ?? [], notes.rows, attempts.rows.reverse()),
    ),
  };
}

/** Reads pages until what their rows say takes more than a context could hold; `more` where some were left unread. */
async function readToFill<T>(
  bytes: number,
  page: (cursor: string | undefined) => Promise<Page<T>>,
  said: (row: T) => unknown,
): Promise<{ rows: T[]; more: boolean }> {
  const rows: T[] = [];
  let filled = 0;
  let cursor: string | undefined;
  do {
    const next = await page(cursor);
    rows.push(...next.rows);
    filled += next.rows.reduce((sum, row) => sum + JSON.stringify(said(row)).length, 0);
    cursor = next.cursor;
  } while (cursor !== undefined && filled <= bytes);
  return { rows, more: cursor !== undefined };
}

/** A context that says nothing yet. */
function emptyContext(budget_tokens: number): TaskContext {
  return {
    summaries: [],
    decisions: [],
    risks: [],
    notes: [],
    artifacts: [],
    handoffs: [],
    feedback: [],
    errors: [],
    budget_tokens,
    tokens: 0,
    cut: [],
  };
}

/** What is the task's own: feedback of its making, answers and handoffs left beside it, and what its attempts left and died of. */
function ownOf(
  feedback: readonly string[],
  notes: readonly TaskNoteRow[],
  attempts: readonly AttemptRow[],
): OwnContext {
  return {
    notes: notes.flatMap(({ note }) => (note === undefined ? [] : [note])),
    handoffs: [
      ...notes.flatMap(({ handoff, from }) =>
        handoff === undefined ? [] : [{ task_id: from, from: "dependency" as const, handoff }],
      ),
      ...attempts.flatMap(({ handoff, task_id }) =>
        handoff === undefined ? [] : [{ task_id, from: "attempt" as const, handoff }],
      ),
    ],
    feedback: [...feedback],
    errors: attempts.flatMap(({ error, outcome }) =>
      error === undefined || outcome === "orphan" ? [] : [error.message],
    ),
  };
}
