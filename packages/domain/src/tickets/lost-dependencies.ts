import type { TaskId } from "@omoios/kernel/ids";
import type { RequestContext } from "../commit.ts";
import type { TaskRow } from "../tasks/model.ts";
import { tasksOf } from "../tasks/reads.ts";
import { blockTicket, recheckBlock } from "./blocking-service.ts";
import type { TicketParts } from "./parts.ts";

/** Tasks that ended without completing block the tickets of the tasks that wait for them. */
export async function noticeStuckDependencies(
  parts: TicketParts,
  ctx: RequestContext,
  task_ids: readonly TaskId[],
): Promise<void> {
  const stuck = (await tasksOf(parts, task_ids)).filter(({ status }) => status === "failed" || status === "cancelled");
  for (const task of stuck) {
    const edges = await parts.store.all("edge", { dependency_id: task.task_id });
    for (const ticket_id of new Set(edges.map((edge) => edge.ticket_id))) {
      const reason = `A dependency ended ${task.status}: ${task.task_id}.`;
      await blockTicket(parts, ctx, ticket_id, { class: "dependency", reason, blocked_by: [task.task_id] });
    }
  }
}

/** A task that waits blocks its ticket where something that it waits for ended without completing. */
export async function noticeLostDependencies(parts: TicketParts, ctx: RequestContext, task: TaskRow): Promise<void> {
  const body = await parts.store.get("task_body", { ticket_id: task.ticket_id, n: task.n });
  await noticeStuckDependencies(parts, ctx, body?.depends_on ?? []);
}

/** A task that came back no longer blocks the tickets that wait for it. */
export async function noticeReturn(parts: TicketParts, ctx: RequestContext, task: TaskRow): Promise<void> {
  const edges = await parts.store.all("edge", { dependency_id: task.task_id });
  for (const ticket_id of new Set([...edges.map((edge) => edge.ticket_id), task.ticket_id]))
    await recheckBlock(parts, ctx, ticket_id);
}
