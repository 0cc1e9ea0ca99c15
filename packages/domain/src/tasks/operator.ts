import type { Priority } from "@omoios/contracts/shapes/common";
import type { Instant } from "@omoios/kernel/clock";
import { Problem } from "@omoios/kernel/problem";
import type { Change, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { becomeReady, cancel, retry, withDue } from "./lifecycle.ts";
import { type DeadLetterRow, hasEnded, type TaskRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";
import { standingOf, visibleTask } from "./reads.ts";
import { virtualStart } from "./score.ts";
import { commitDecided, freeSlotOf } from "./write.ts";

/** What the tickets room adds to a retry: the task counts as open again, and its ticket must be open. */
export interface Reopening {
  changes(ctx: RequestContext, task: TaskRow): Promise<Change[]>;
}

export interface TaskEdit {
  priority?: Priority | undefined;
  deadline_at?: Instant | null | undefined;
  title?: string | undefined;
  description?: string | undefined;
}

/** The verbs of people and services about a task. */
export function operatorVerbs(parts: TaskParts, reopening: Reopening) {
  const { limits, store } = parts;

  const cancelTask = async (ctx: RequestContext, task_id: string, reason: string): Promise<TaskRow> => {
    const { before, after } = await untilSettled(async () => {
      const before = await visibleTask(parts, task_id);
      if (hasEnded(before.status)) throw new Problem("task.terminal", { detail: `${task_id} is ${before.status}.` });
      const body = await store.get("task_body", { ticket_id: before.ticket_id, n: before.n });
      const said: Change[] =
        body === undefined ? [] : [{ kind: "task_body", before: body, after: { ...body, cancel_reason: reason } }];
      return {
        before,
        after: await commitDecided(parts, ctx, before, cancel(before, reason, ctx, limits), said, task_id),
      };
    });
    if (before.agent_id !== undefined)
      await freeSlotOf(parts, ctx, before.agent_id, before.task_id, before.fence, { taken: true });
    return after;
  };

  const retryTask = async (
    ctx: RequestContext,
    task_id: string,
    more: readonly Change[] = [],
    made = task_id,
  ): Promise<TaskRow> =>
    untilSettled(async () => {
      const before = await visibleTask(parts, task_id);
      if (before.status !== "failed" && before.status !== "cancelled") {
        throw new Problem("task.not_terminal", { detail: `${task_id} is ${before.status}.` });
      }
      const decided = retry(before, await standingOf(parts, ctx, before), ctx, limits);
      return commitDecided(parts, ctx, before, decided, [...more, ...(await reopening.changes(ctx, before))], made);
    });

  return {
    cancel: cancelTask,
    retry: (ctx: RequestContext, task_id: string) => retryTask(ctx, task_id),

    async redrive(ctx: RequestContext, dead_letter_id: DeadLetterRow["dead_letter_id"]): Promise<DeadLetterRow> {
      const before = await store.get("dead_letter", { dead_letter_id });
      if (before === undefined)
        throw new Problem("dead_letter.not_found", { detail: `There is no dead letter ${dead_letter_id}.` });
      if (before.status === "redriven")
        throw new Problem("dead_letter.redriven", { detail: `${dead_letter_id} was redriven already.` });
      const after: DeadLetterRow = { ...before, status: "redriven" };
      await retryTask(ctx, before.task_id, [{ kind: "dead_letter", before, after }], dead_letter_id);
      return { ...after, version: before.version + 1 };
    },

    async resume(ctx: RequestContext, task_id: string, answer: string | undefined): Promise<TaskRow> {
      return untilSettled(async () => {
        const before = await visibleTask(parts, task_id);
        if (before.status !== "waiting")
          throw new Problem("task.not_waiting", { detail: `${task_id} is ${before.status}.` });
        const note: Change[] =
          answer === undefined
            ? []
            : [
                {
                  kind: "task_note",
                  after: { version: 0, task_id: before.task_id, from: `answer#${before.fence}`, note: answer },
                  overwrite: true,
                },
              ];
        const told: TaskRow = answer === undefined ? before : { ...before, has_notes: true };
        const decided = becomeReady(told, await standingOf(parts, ctx, before), ctx, limits, [
          { type: "task.resumed" },
        ]);
        return commitDecided(parts, ctx, before, decided, note, task_id);
      });
    },

    async edit(ctx: RequestContext, task_id: string, edit: TaskEdit, if_match: number | undefined): Promise<TaskRow> {
      return untilSettled(async () => {
        const before = await visibleTask(parts, task_id);
        if (if_match !== undefined && if_match !== before.version) {
          throw new Problem("request.precondition_failed", { extra: { current_version: before.version } });
        }
        if (hasEnded(before.status)) throw new Problem("task.terminal", { detail: `${task_id} is ${before.status}.` });
        const after = edited(before, edit, (await standingOf(parts, ctx, before)).dependents);
        const fields = Object.keys(edit).join(",");
        const changes: Change[] = [
          { kind: "task", before, after, events: [{ type: "task.updated", data: { fields } }] },
        ];
        const body = await store.get("task_body", { ticket_id: before.ticket_id, n: before.n });
        if (body !== undefined && (edit.title !== undefined || edit.description !== undefined)) {
          const { title = body.title, description = body.description } = edit;
          changes.push({ kind: "task_body", before: body, after: { ...body, title, description } });
        }
        const [row] = await parts.commit(ctx, changes);
        return row as TaskRow;
      });
    },
  };

  function edited(task: TaskRow, { priority = task.priority, deadline_at }: TaskEdit, dependents: number): TaskRow {
    const moved: TaskRow = {
      ...task,
      priority,
      ...(deadline_at === undefined ? {} : { deadline_at: deadline_at ?? undefined, deadline_missed: undefined }),
    };
    if (task.status !== "ready" || task.ready_at === undefined) return withDue(moved, limits);
    return withDue(
      { ...moved, virtual_start: virtualStart({ ...moved, ready_at: task.ready_at, dependents }, limits) },
      limits,
    );
  }
}
