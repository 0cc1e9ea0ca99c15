import type { ClaimedTask } from "@omoios/contracts/views/task";
import { acceptTask } from "@omoios/domain/tasks/accept";
import { briefed } from "@omoios/domain/tasks/brief";
import type { TaskId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type { Chance } from "@omoios/simulation/chance";
import { Unanswered } from "@omoios/simulation/plane/api";
import type { VirtualTime } from "@omoios/simulation/virtual-time";
import type { Assignment } from "@omoios/simulation/wire/agent-ways";
import type { Faults } from "@omoios/simulation/wire/faults";
import type { Life } from "./life.ts";

const BEHAVIOURS = ["accept", "accept", "accept_late", "ignore"] as const;

interface Inbox {
  time: VirtualTime;
  chance: Chance;
  faults: Faults;
}

/** What an agent does with a task that was pushed to it: accepts it, in time or too late, or lets it lie without a word. */
export async function answerAssignment(
  { time, chance, faults }: Inbox,
  { call }: Life,
  { task_id, fence }: Assignment,
  take: (task: ClaimedTask) => void,
): Promise<void> {
  const behaviour = faults.on ? chance.one(BEHAVIOURS) : "accept";
  if (behaviour === "ignore") return;
  await time.sleep(behaviour === "accept" ? chance.between(50, 3_000) : chance.between(15_000, 45_000));
  try {
    const accepted = await call(async ({ rooms: { parts } }, ctx, row) => {
      return briefed(parts, await acceptTask(parts, ctx, row, task_id as TaskId, fence), ctx.now);
    }, 3);
    take(accepted);
  } catch (error) {
    // It is another's by now, or the agent has ended.
    if (!(error instanceof Problem) && !(error instanceof Unanswered)) throw error;
  }
}
