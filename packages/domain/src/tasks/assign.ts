import type { Limits } from "@omoios/contracts/limits";
import type { TaskAssigned } from "@omoios/contracts/views/pushed";
import { toRfc3339 } from "@omoios/kernel/clock";
import type { AgentRow, DeliveryRow } from "../agents/model.ts";
import type { SendWebhook } from "../agents/webhooks.ts";
import type { RequestContext } from "../commit.ts";
import type { ReadyEntry, TaskRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";
import { giveUp, reserve } from "./reserve.ts";

export type AssignParts = Pick<TaskParts, "store" | "commit" | "lanes" | "limits" | "notice"> & { send: SendWebhook };

/**
 * Takes the task for an agent as a claim of its own would, and tells it. It has `assignment_seconds` to accept: whatever becomes of the
 * webhook, the due row behind the assignment puts back what is not accepted. Gives the task, unless another was faster.
 */
export async function assign(
  parts: AssignParts,
  ctx: RequestContext,
  agent: AgentRow,
  delivery: DeliveryRow,
  entry: ReadyEntry,
): Promise<TaskRow | undefined> {
  const holder = await reserve(parts, ctx, agent, entry, { pushed: true });
  if (holder === undefined) return undefined;
  const until = ctx.now + parts.limits.assignment_seconds * 1000;
  const task = await parts.lanes.take(ctx, entry, {
    status: "assigned",
    agent_id: agent.agent_id,
    fence: entry.fence + 1,
    attempts: entry.released ? 0 : 1,
    lease_expires_at: until,
    due_at: until,
    events: [{ type: "task.assigned" }],
  });
  if (task === undefined) await giveUp(parts, ctx, holder, entry);
  else await tell(parts, ctx, delivery, task);
  return task;
}

async function tell({ send, notice }: AssignParts, ctx: RequestContext, delivery: DeliveryRow, task: TaskRow) {
  const { task_id, ticket_id, phase_id, fence, lease_expires_at } = task;
  const accept_by = toRfc3339(lease_expires_at ?? ctx.now);
  const data: TaskAssigned["data"] = { agent_id: delivery.agent_id, task_id, ticket_id, phase_id, fence, accept_by };
  try {
    await send(delivery, { id: `${task_id}-${fence}`, at: ctx.now, type: "task.assigned", data });
  } catch (error) {
    notice?.("An agent was not told of its assignment", { agent_id: delivery.agent_id, task_id, error });
  }
}

/** Whether the agent failed this task, or let it pass, so lately that others are asked first. */
export function avoids(
  { failed }: Pick<AgentRow, "failed">,
  task_id: string,
  { now }: RequestContext,
  { avoid_failed_seconds }: Pick<Limits, "avoid_failed_seconds">,
): boolean {
  return (failed[task_id] ?? 0) > now - avoid_failed_seconds * 1000;
}

/** Whether the agent let this task pass, or ran out of its time, so lately that it is not asked at all. */
export function letPass(
  agent: Pick<AgentRow, "failed" | "stopped">,
  task_id: string,
  { now }: RequestContext,
  { assign_again_seconds }: Pick<Limits, "assign_again_seconds">,
): boolean {
  return agent.failed[task_id] !== undefined && (agent.stopped?.[task_id] ?? 0) > now - assign_again_seconds * 1000;
}
