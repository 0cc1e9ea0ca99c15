import type { ArtifactInput } from "@omoios/contracts/shapes/artifact";
import type { Handoff } from "@omoios/contracts/shapes/task";
import type { TaskId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type { AgentRow } from "../agents/model.ts";
import type { Change, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import type { RowOf } from "../rows.ts";
import { unstuck } from "./ended.ts";
import { kindOfFailure } from "./failure.ts";
import { type Completion, completionWord, keepOrphan, leaseOver, partedWith, type Word } from "./late-word.ts";
import { complete, type Decided, fail, release, wait } from "./lifecycle.ts";
import { isLeased, type TaskRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";
import { heard, type Said } from "./progress.ts";
import { standingOf, visibleTask } from "./reads.ts";
import { commitDecided, endedBy, freeSlotOf } from "./write.ts";

/** What an agent hands in with a word about its task: rows that go into the same write. The tickets room knows what they mean. */
export interface Evidence {
  /** `undefined` where the ticket has parted with the task: it is cancelled, or will be in a moment, and counts for nothing. Without artifacts too. */
  changes(ctx: RequestContext, task: TaskRow, artifacts: readonly ArtifactInput[]): Promise<Change[] | undefined>;
}

/** What came of a word: the task, and the result that the word brought. */
interface Heard {
  task: TaskRow;
  result: unknown;
}

type Report = Said & { fence: number; artifacts?: readonly ArtifactInput[] | undefined };

/** The verbs of an agent about a task that it holds. Each carries the fence; a stale one is told to stop, and its result is kept. */
export function holderVerbs(parts: TaskParts, evidence: Evidence) {
  const { limits } = parts;

  /** Loads, checks the holder, decides, commits; answers a repeated word with the task as it is, and both with the result as it is kept. */
  const say = async (
    ctx: RequestContext,
    agent: AgentRow,
    task_id: TaskId,
    fence: number,
    word: Word,
    decide: (task: TaskRow) => Promise<{ decided: Decided; more?: Change[] }>,
  ): Promise<Heard> => {
    const { task, result } = await untilSettled(async () => {
      const found = await heldBy(parts, ctx, agent, task_id, fence, word);
      if ("repeated" in found) return found.repeated;
      const { decided, more = [] } = await decide(found.held);
      const task = await commitDecided(parts, ctx, found.held, decided, more);
      return { task, result: decided.attempt?.result ?? null };
    });
    const { outcome } = word;
    const ended = outcome === "completed" || outcome === "failed";
    const parting = ended ? { ended: endedBy(task, outcome === "completed", ctx.now) } : {};
    if (task.status !== "running") await freeSlotOf(parts, ctx, agent, task_id, fence, parting);
    return { task, result };
  };

  /** What goes with a word: rows of its artifacts. One about a task that its ticket has parted with comes too late. */
  const proofOf = async (
    ctx: RequestContext,
    agent: AgentRow,
    task: TaskRow,
    artifacts: readonly ArtifactInput[],
    word?: Word,
  ): Promise<Change[]> => {
    const changes = await evidence.changes(ctx, task, artifacts);
    if (changes !== undefined) return changes;
    if (word !== undefined) await keepOrphan(parts, ctx, agent.agent_id, task, task.fence, word);
    throw partedWith(task.task_id);
  };

  /** Hears of a task at work. `handed` are its artifacts as they are kept. */
  const report = (
    ctx: RequestContext,
    agent: AgentRow,
    task_id: TaskId,
    said: Report,
  ): Promise<{ task: TaskRow; handed: RowOf<"artifact">[] }> =>
    untilSettled(async () => {
      const found = await heldBy(parts, ctx, agent, task_id, said.fence, undefined);
      if ("repeated" in found) return { task: found.repeated.task, handed: [] };
      const before = found.held;
      const { next: after, events: said_of_it } = heard(before, said, ctx.now, limits);
      const events = [...unstuck(before, after), ...said_of_it];
      const { artifacts = [] } = said;
      const more = artifacts.length === 0 ? [] : await proofOf(ctx, agent, before, artifacts);
      const [row, ...beside] = await parts.commit(ctx, [{ kind: "task", before, after, events }, ...more]);
      const handed = beside.filter((_, at) => more[at]?.kind === "artifact") as RowOf<"artifact">[];
      return { task: row as TaskRow, handed };
    });

  return {
    async progress(ctx: RequestContext, agent: AgentRow, task_id: TaskId, said: Report): Promise<TaskRow> {
      return (await report(ctx, agent, task_id, said)).task;
    },

    complete(ctx: RequestContext, agent: AgentRow, task_id: TaskId, fence: number, given: Completion): Promise<Heard> {
      const { artifacts = [] } = given;
      const word = completionWord(given);
      const { outcome: _outcome, ...stored } = word;
      return say(ctx, agent, task_id, fence, word, async (task) => {
        const more = await proofOf(ctx, agent, task, artifacts, word);
        if (given.success) return { decided: complete(task, stored, ctx, limits), more };
        const message = "The agent handed in a result with success: false";
        return { decided: fail(task, { kind: "retryable", message, ...stored }, ctx, limits), more };
      });
    },

    async fail(
      ctx: RequestContext,
      agent: AgentRow,
      task_id: TaskId,
      fence: number,
      given: {
        error: { message: string; kind?: string | undefined; retryable?: boolean | undefined };
        handoff?: Handoff | undefined;
      },
    ): Promise<TaskRow> {
      const { error, handoff } = given;
      const { task } = await say(ctx, agent, task_id, fence, { outcome: "failed", error, handoff }, async (task) => ({
        decided: fail(
          task,
          { kind: kindOfFailure(error), message: error.message, agent_kind: error.kind, handoff },
          ctx,
          limits,
        ),
      }));
      return task;
    },

    async release(
      ctx: RequestContext,
      agent: AgentRow,
      task_id: TaskId,
      given: { fence: number; reason: string; handoff?: Handoff | undefined },
    ): Promise<TaskRow> {
      const { fence, ...said } = given;
      const { task } = await say(ctx, agent, task_id, fence, { outcome: "released", ...said }, async (task) => ({
        decided: release(task, said, await standingOf(parts, ctx, task), ctx, limits),
      }));
      return task;
    },

    async wait(
      ctx: RequestContext,
      agent: AgentRow,
      task_id: TaskId,
      given: { fence: number; question?: string | undefined; until?: number | undefined },
    ): Promise<TaskRow> {
      const { task } = await say(ctx, agent, task_id, given.fence, { outcome: "released" }, async (task) => ({
        decided: wait(task, given.until, ctx, limits, given.question),
      }));
      return task;
    },

    /** Artifacts on their own, which count as progress. Answers them as they are kept. */
    async handIn(
      ctx: RequestContext,
      agent: AgentRow,
      task_id: TaskId,
      fence: number,
      artifacts: readonly ArtifactInput[],
    ): Promise<RowOf<"artifact">[]> {
      return (await report(ctx, agent, task_id, { fence, artifacts })).handed;
    },
  };
}

/** The task, if this agent holds it under this fence; the task as it is, if this very word was heard before; else a refusal. */
async function heldBy(
  parts: TaskParts,
  ctx: RequestContext,
  agent: AgentRow,
  task_id: TaskId,
  fence: number,
  word: Word | undefined,
): Promise<{ held: TaskRow } | { repeated: Heard }> {
  const task = await visibleTask(parts, task_id);
  if (task.fence === fence && isLeased(task)) {
    if (task.agent_id !== agent.agent_id)
      throw new Problem("task.not_holder", { detail: `${task_id} is held by another agent.` });
    if (task.status === "assigned") throw new Problem("task.not_accepted", { extra: { task_id } });
    return { held: task };
  }
  const attempt = await parts.store.get("attempt", { task_id, fence, orphan: "" });
  const same = word !== undefined && attempt?.agent_id === agent.agent_id && attempt.outcome === word.outcome;
  if (same) return { repeated: { task, result: attempt.result ?? null } };
  if (attempt === undefined) {
    const detail = `No attempt of ${task_id} is known under fence ${fence}; its newest fence is ${task.fence}.`;
    throw new Problem("task.lease_lost", { detail, extra: { action: "stop", task_id } });
  }
  if (attempt.agent_id !== agent.agent_id)
    throw new Problem("task.not_holder", { detail: `Fence ${fence} of ${task_id} was another agent's.` });
  if (word !== undefined) await keepOrphan(parts, ctx, agent.agent_id, task, fence, word);
  throw leaseOver(task, fence);
}
