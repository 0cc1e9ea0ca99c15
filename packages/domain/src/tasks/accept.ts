import type { TaskId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type { AgentRow } from "../agents/model.ts";
import type { RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { accept } from "./lifecycle.ts";
import { isLeased, type TaskRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";
import { visibleTask } from "./reads.ts";
import { commitDecided } from "./write.ts";

/**
 * The agent takes the task that was pushed to it; said again, it gets the task again. Throws `task.not_holder` for a task that was
 * pushed to another, and `task.lease_lost` where the time to accept is over.
 */
export function acceptTask(
  parts: TaskParts,
  ctx: RequestContext,
  agent: AgentRow,
  task_id: TaskId,
  fence: number,
): Promise<TaskRow> {
  return untilSettled(async () => {
    const task = await visibleTask(parts, task_id);
    const current = task.fence === fence && isLeased(task);
    if (current && task.agent_id !== agent.agent_id)
      throw new Problem("task.not_holder", { detail: `${task_id} was pushed to another agent.` });
    if (current && task.status === "running") return task;
    // The timer that puts it back may be a moment late.
    if (current && (task.lease_expires_at ?? 0) > ctx.now)
      return commitDecided(parts, ctx, task, accept(task, ctx, parts.limits));
    throw new Problem("task.lease_lost", {
      detail: `The time to accept ${task_id} under fence ${fence} is over.`,
      extra: { action: "stop", task_id },
    });
  });
}
