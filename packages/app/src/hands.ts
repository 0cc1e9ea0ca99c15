import type { Access } from "@omoios/domain/access/service";
import type { Agents } from "@omoios/domain/agents/service";
import type { Hands } from "@omoios/domain/guardian/hands";
import type { operatorVerbs } from "@omoios/domain/tasks/operator";

interface Below {
  access: Access;
  agents: Agents;
  operator: ReturnType<typeof operatorVerbs>;
}

/** The verbs of other rooms that the guardian intervenes with. */
export function handsOf({ access, agents, operator }: Below): Hands {
  return {
    cancelTask: operator.cancel,
    uncancelTask: operator.uncancel,
    setPriority: (ctx, task_id, priority, beside) => operator.edit(ctx, task_id, { priority }, undefined, beside),
    quarantine: (ctx, agent_id, reason, beside) => agents.quarantine(ctx, agent_id, { reason }, beside),
    release: agents.release,
    leaveQuarantine: agents.leaveQuarantine,
    changeCapacities: agents.changeCapacities,
    pauseLane: access.pauseLane,
  };
}
