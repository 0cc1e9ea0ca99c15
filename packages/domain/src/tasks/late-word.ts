import type { ArtifactInput } from "@omoios/contracts/shapes/artifact";
import type { AttemptOutcome, Handoff } from "@omoios/contracts/shapes/task";
import type { AgentId, TaskId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type { RequestContext } from "../commit.ts";
import { shortDigest } from "../digest.ts";
import { attemptOf } from "./attempt.ts";
import { isLeased, type StoredError, type TaskRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";
import { visibleTask } from "./reads.ts";

/** What an agent says about a task that it holds, or held: kept as an orphan where it comes too late. */
export interface Word {
  outcome: Exclude<AttemptOutcome, "running" | "orphan">;
  result?: unknown;
  handoff?: Handoff | undefined;
  error?: { message: string };
  reason?: string;
}

/** A result as an agent hands it in. */
export interface Completion {
  success: boolean;
  artifacts?: readonly ArtifactInput[] | undefined;
  handoff?: Handoff | undefined;
}

/** The word of a completion: its artifacts are named, their contents lie with the ticket. */
export function completionWord({ artifacts = [], handoff, ...result }: Completion) {
  return {
    outcome: result.success ? ("completed" as const) : ("failed" as const),
    result: { ...result, artifacts: artifacts.map(({ content: _content, ...named }) => named) },
    handoff,
  };
}

/**
 * Keeps the word of an agent that has ended: its task is another's by now, or will be. A word that was heard in time is not kept twice,
 * and one about a fence that the agent never held is not kept at all. Throws `task.not_found`.
 */
export async function keepLateWord(
  parts: Pick<TaskParts, "store" | "commit" | "limits">,
  ctx: RequestContext,
  agent_id: AgentId,
  task_id: TaskId,
  fence: number,
  word: Word,
): Promise<void> {
  const task = await visibleTask(parts, task_id);
  const attempt = await parts.store.get("attempt", { task_id, fence, orphan: "" });
  const holds = task.fence === fence && isLeased(task) && task.agent_id === agent_id;
  if (!holds && attempt?.agent_id !== agent_id) return;
  if (attempt?.outcome === word.outcome) return;
  await keepOrphan(parts, ctx, agent_id, task, fence, word);
}

/** What an agent is told that held the task under this fence, and does no more. */
export function leaseOver({ task_id, status }: Pick<TaskRow, "task_id" | "status">, fence: number): Problem {
  const detail = `Fence ${fence} of ${task_id} is over; the task is ${status}.`;
  return new Problem("task.lease_lost", { detail, extra: { action: "stop", task_id } });
}

/** What the holder is told of a task that its ticket has parted with: the ticket ended, or left the task's phase backward or by force. */
export function partedWith(task_id: TaskId): Problem {
  const detail = `The ticket has parted with ${task_id}, which is about to be cancelled.`;
  return new Problem("task.lease_lost", { detail, extra: { action: "stop", task_id } });
}

/** A result under a lost fence is late news: it is kept, once, and changes nothing. */
export async function keepOrphan(
  parts: Pick<TaskParts, "commit" | "limits">,
  ctx: RequestContext,
  agent_id: AgentId,
  task: TaskRow,
  fence: number,
  word: Word,
): Promise<void> {
  const { outcome, error, ...said } = word;
  const orphan = shortDigest(agent_id, outcome, JSON.stringify(said), error?.message ?? "");
  const stored: StoredError | undefined = error && {
    attempt: task.attempt,
    kind: "lease_lost",
    message: error.message,
    at: ctx.now,
    agent_id,
  };
  const row = attemptOf({ ...task, fence, agent_id, started_at: undefined }, "orphan", ctx, parts.limits, {
    ...said,
    ...(stored && { error: stored }),
  });
  await parts.commit(ctx, [{ kind: "attempt", after: { ...row, orphan }, overwrite: true }]);
}
