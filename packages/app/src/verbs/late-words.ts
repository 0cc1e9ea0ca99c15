import type { RequestContext } from "@omoios/domain/commit";
import { completionWord, keepLateWord, type Word } from "@omoios/domain/tasks/late-word";
import type { TaskParts } from "@omoios/domain/tasks/parts";
import type { AgentId, TaskId } from "@omoios/kernel/ids";
import type { LateWords } from "../verbs.ts";

/** What is kept of the words of agents that have ended. */
export function lateWords(parts: TaskParts): LateWords {
  const keep = (ctx: RequestContext, agent_id: AgentId, task_id: string, fence: number, word: Word) =>
    keepLateWord(parts, ctx, agent_id, task_id as TaskId, fence, word);
  return {
    completeTask: (ctx, agent_id, { params, body: { fence, result } }) =>
      keep(ctx, agent_id, params.task_id, fence, completionWord(result)),
    failTask: (ctx, agent_id, { params, body: { fence, error, handoff } }) =>
      keep(ctx, agent_id, params.task_id, fence, { outcome: "failed", error, handoff }),
    releaseTask: (ctx, agent_id, { params, body: { fence, reason, handoff } }) =>
      keep(ctx, agent_id, params.task_id, fence, { outcome: "released", reason, handoff }),
  };
}
