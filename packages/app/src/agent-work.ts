import type { AgentWork } from "@omoios/domain/agents/model";
import { errorsOf } from "@omoios/domain/tasks/agent-errors";
import { giveBack, takeBack } from "@omoios/domain/tasks/give-back";
import type { TaskParts } from "@omoios/domain/tasks/parts";
import { leasedSlots } from "@omoios/domain/tasks/slots";

/** What agents need of the tasks that they hold. */
export function agentWork(parts: TaskParts): AgentWork {
  return {
    ensureClass: parts.book.ensureClass,
    leased: (agent) => leasedSlots(parts, agent),
    errorsOf: (agent) => errorsOf(parts, agent),
    giveBack: (ctx, slots, why) => giveBack(parts, ctx, slots, why),
    takeBack: (ctx, agent_id, slots, why) => takeBack(parts, ctx, agent_id, slots, why),
  };
}
