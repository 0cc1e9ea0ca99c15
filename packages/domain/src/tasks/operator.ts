import type { Priority } from "@omoios/contracts/shapes/common";
import type { Instant } from "@omoios/kernel/clock";
import { Problem } from "@omoios/kernel/problem";
import { alone, type Beside, type Change, type RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { expiryInDays } from "../expiry.ts";
import { letterIdOf } from "./ended.ts";
import { becomeReady, cancel, type Decided, retry, type Standing, uncancel, withDue } from "./lifecycle.ts";
import { type DeadLetterRow, hasEnded, type TaskRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";
import { standingOf, visibleTask } from "./reads.ts";
import { virtualStart } from "./score.ts";
import { commitDecided, freeSlotOf } from "./write.ts";

/** What the tickets room adds to a retry: the task counts as open again, for this visit, and its ticket must be open. */
export interface Reopening {
  reopen(ctx: RequestContext, task: TaskRow): Promise<{ visit: number; changes: Change[] }>;
}

export interface TaskEdit {
  priority?: Priority | undefined;
  deadline_at?: Instant | null | undefined;
  title?: string | undefined;
  /** Null removes it. */
  description?: string | null | undefined;
}

/** The verbs of people and services about a task. */
export function operatorVerbs(parts: TaskParts, reopening: Reopening) {
  const { limits, store } = parts;

  const closing = (ctx: RequestContext, letter: DeadLetterRow): Change => ({
    kind: "dead_letter",
    before: letter,
    after: { ...letter, status: "redriven", ttl: expiryInDays(ctx.now, limits.retention_days.tasks) },
  });

  const cancelTask = async (
    ctx: RequestContext,
    task_id: string,
    reason: string,
    beside: Beside<TaskRow> = alone(task_id),
  ): Promise<TaskRow> => {
    const { before, after } = await untilSettled(async () => {
      const before = await visibleTask(parts, task_id);
      if (hasEnded(before.status)) throw new Problem("task.terminal", { detail: `${task_id} is ${before.status}.` });
      const body = await store.get("task_body", { ticket_id: before.ticket_id, n: before.n });
      const said: Change[] =
        body === undefined ? [] : [{ kind: "task_body", before: body, after: { ...body, cancel_reason: reason } }];
      const decided = cancel(before, reason, ctx, limits);
      const { changes, made } = await beside(before, decided.next);
      return { before, after: await commitDecided(parts, ctx, before, decided, [...said, ...changes], made) };
    });
    if (before.agent_id !== undefined)
      await freeSlotOf(parts, ctx, before.agent_id, before.task_id, before.fence, { taken: true });
    return after;
  };

  /** Opens a task again that ended in one of these. */
  const reopen = async (
    ctx: RequestContext,
    task_id: string,
    { from, decide }: { from: readonly TaskRow["status"][]; decide(task: TaskRow, standing: Standing): Decided },
    beside: Beside<TaskRow>,
  ): Promise<TaskRow> =>
    untilSettled(async () => {
      const before = await visibleTask(parts, task_id);
      if (!from.includes(before.status)) {
        throw new Problem("task.not_terminal", { detail: `${task_id} is ${before.status}.` });
      }
      const { visit, changes: reopened } = await reopening.reopen(ctx, before);
      const decided = decide({ ...before, visit }, await standingOf(parts, ctx, before));
      const { changes, made } = await beside(before, decided.next);
      return commitDecided(parts, ctx, before, decided, [...changes, ...reopened], made);
    });

  /** A retry answers the task's open dead letter, whoever asks for it. */
  const retryTask = (
    ctx: RequestContext,
    task_id: string,
    reason: string | undefined,
    beside: Beside<TaskRow> = alone(task_id),
  ) =>
    reopen(
      ctx,
      task_id,
      { from: ["failed", "cancelled"], decide: (task, standing) => retry(task, standing, ctx, limits, reason) },
      async (before, after) => {
        const { changes, made } = await beside(before, after);
        const letter = await store.get("dead_letter", { dead_letter_id: letterIdOf(before) });
        return { changes: letter?.status === "open" ? [...changes, closing(ctx, letter)] : changes, made };
      },
    );

  return {
    cancel: cancelTask,
    retry: (ctx: RequestContext, task_id: string, reason: string) => retryTask(ctx, task_id, reason),

    /** Takes a cancellation back. A lease does not come back: the task waits for its dependencies, or for an agent. */
    uncancel: (ctx: RequestContext, task_id: string, beside: Beside<TaskRow> = alone(task_id)) =>
      reopen(
        ctx,
        task_id,
        { from: ["cancelled"], decide: (task, standing) => uncancel(task, standing, ctx, limits) },
        async (before, after) => {
          const { changes, made } = await beside(before, after);
          const body = await store.get("task_body", { ticket_id: before.ticket_id, n: before.n });
          if (body?.cancel_reason === undefined) return { changes, made };
          const unsaid: Change = { kind: "task_body", before: body, after: { ...body, cancel_reason: undefined } };
          return { changes: [...changes, unsaid], made };
        },
      ),

    async redrive(ctx: RequestContext, dead_letter_id: DeadLetterRow["dead_letter_id"]): Promise<DeadLetterRow> {
      const before = await store.get("dead_letter", { dead_letter_id });
      if (before === undefined)
        throw new Problem("dead_letter.not_found", { detail: `There is no dead letter ${dead_letter_id}.` });
      if (before.status === "redriven")
        throw new Problem("dead_letter.redriven", { detail: `${dead_letter_id} was redriven already.` });
      await retryTask(ctx, before.task_id, undefined, async (task) => ({
        // The letter of the last failure is closed by the retry itself.
        changes: letterIdOf(task) === dead_letter_id ? [] : [closing(ctx, before)],
        made: dead_letter_id,
      }));
      return { ...before, status: "redriven", version: before.version + 1 };
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

    async edit(
      ctx: RequestContext,
      task_id: string,
      edit: TaskEdit,
      if_match?: number | undefined,
      beside: Beside<TaskRow> = alone(task_id),
    ): Promise<TaskRow> {
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
          const after = { ...body, title, description: description ?? undefined };
          changes.push({ kind: "task_body", before: body, after });
        }
        const { changes: more, made } = await beside(before, after);
        const [row] = await parts.commit(ctx, [...changes, ...more], { made });
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
