import type { Slot } from "../agents/model.ts";
import type { RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { loseLease } from "./lifecycle.ts";
import type { TaskParts } from "./parts.ts";
import { standingOf } from "./reads.ts";
import { commitDecided } from "./write.ts";

/** Puts the tasks that are still leased under these slots back into their lanes: their agent has ended. May be repeated. */
export async function giveBack(parts: TaskParts, ctx: RequestContext, slots: readonly Slot[]): Promise<void> {
  for (const { task_id, fence } of slots) {
    await untilSettled(async () => {
      const task = await parts.store.get("task", { task_id });
      if (task?.status !== "running" || task.fence !== fence) return;
      await commitDecided(
        parts,
        ctx,
        task,
        loseLease(task, await standingOf(parts, ctx, task), "Its agent has ended", ctx, parts.limits),
      );
    });
  }
}
