import { Problem } from "@omoios/kernel/problem";
import type { RequestContext } from "../commit.ts";

/** Ends a task for a reason of its ticket's; provided by the tasks room. */
export type CancelTask = (ctx: RequestContext, task_id: string, reason: string) => Promise<unknown>;

/** Cancels a task that has not ended when it was read. One that ends by itself in this moment is left, and so is one that nobody may see. */
export async function cancelOpen(
  cancel: CancelTask,
  ctx: RequestContext,
  task_id: string,
  reason: string,
): Promise<void> {
  try {
    await cancel(ctx, task_id, reason);
  } catch (error) {
    if (!(error instanceof Problem) || (error.code !== "task.terminal" && error.code !== "task.not_found")) throw error;
  }
}
