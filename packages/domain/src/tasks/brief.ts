import type { ClaimedTask, TaskContext } from "@omoios/contracts/views/task";
import { type Instant, toRfc3339 } from "@omoios/kernel/clock";
import type { AttemptRow, TaskNoteRow, TaskRow } from "./model.ts";
import type { OwnContext, TaskParts } from "./parts.ts";

/** Attempts and notes whose word reaches the next claimer. */
const LATEST = 10;

/** What an agent is told of a task that it took: the task's words, its ticket's head, and what came before. */
export async function briefed(
  parts: Pick<TaskParts, "store" | "lanes" | "limits" | "fitContext">,
  task: TaskRow,
  now: Instant,
): Promise<ClaimedTask> {
  const { body, brief } = await parts.lanes.briefing(task);
  const notes = task.has_notes
    ? (await parts.store.page("task_note", { task_id: task.task_id }, { limit: LATEST })).rows
    : [];
  const attempts =
    task.fence > 1
      ? (
          await parts.store.page("attempt", { task_id: task.task_id }, { limit: LATEST, newest_first: true })
        ).rows.reverse()
      : [];
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
    deadline_at: task.deadline_at === undefined ? null : toRfc3339(task.deadline_at),
    ticket: {
      ticket_id: task.ticket_id,
      title: brief.title,
      external_ref: brief.external_ref ?? null,
      labels: brief.labels,
    },
    context: parts.fitContext(
      brief.context ?? emptyContext(parts.limits.context_budget_tokens),
      ownOf(body.feedback ?? [], notes, attempts),
    ),
  };
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
