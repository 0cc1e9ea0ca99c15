import type { AgentId } from "@omoios/kernel/ids";
import type { Slot } from "../agents/model.ts";
import type { RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { loseLease, unaccepted } from "./lifecycle.ts";
import { isLeased } from "./model.ts";
import type { TaskParts } from "./parts.ts";
import { standingOf } from "./reads.ts";
import { commitDecided, freeSlotOf } from "./write.ts";

/** Puts the tasks that are still leased under these slots back into their lanes. May be repeated. */
export async function giveBack(
  parts: TaskParts,
  ctx: RequestContext,
  slots: readonly Slot[],
  why: string,
): Promise<void> {
  for (const { task_id, fence } of slots) {
    await untilSettled(async () => {
      const task = await parts.store.get("task", { task_id });
      if (task === undefined || !isLeased(task) || task.fence !== fence) return;
      const standing = await standingOf(parts, ctx, task);
      const end = task.status === "assigned" ? unaccepted : loseLease;
      await commitDecided(parts, ctx, task, end(task, standing, why, ctx, parts.limits));
    });
  }
}

/** The same for an agent that goes on: its slots are free, and it is told to stop. */
export async function takeBack(
  parts: TaskParts,
  ctx: RequestContext,
  agent_id: AgentId,
  slots: readonly Slot[],
  why: string,
): Promise<void> {
  await giveBack(parts, ctx, slots, `The lease ended: ${why}`);
  for (const { task_id, fence } of slots) await freeSlotOf(parts, ctx, agent_id, task_id, fence, { taken: true });
}
