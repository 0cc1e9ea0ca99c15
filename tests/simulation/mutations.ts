import type { AgentRow } from "@omoios/domain/agents/model";
import type { TaskId } from "@omoios/kernel/ids";
import type { Instance } from "@omoios/simulation/plane/instances";
import type { Rewrite } from "@omoios/simulation/wire/tables-service";
import type { SimulationOptions } from "./simulate.ts";

/** Builds that lack one condition or check. The simulation must find each of them out. */
export const MUTATIONS = {
  "take-without-fence": { rewrite: takeWithoutFence() },
  "word-without-fence": { refurnish: wordWithoutFence },
  "edge-without-condition": { rewrite: edgeWithoutCondition() },
} as const satisfies Record<string, SimulationOptions>;

export type MutationName = keyof typeof MUTATIONS;

/** A claim takes a task that is ready, whatever its fence is by now. */
function takeWithoutFence(): Rewrite {
  const fenced = " AND fence = :seen";
  return (operation, input) => {
    const { ConditionExpression, ExpressionAttributeValues } = input as Partial<Write>;
    if (operation !== "UpdateItem" || !ConditionExpression?.includes(fenced)) return;
    input.ConditionExpression = ConditionExpression.replace(fenced, "");
    delete ExpressionAttributeValues?.[":seen"];
  };
}

/** A word of an agent counts for the lease that stands, whatever fence it names and whoever says it. */
function wordWithoutFence(instance: Instance): Instance {
  const { holder, parts } = instance.rooms;
  const standing = async (agent: AgentRow, task_id: TaskId, fence: number) => {
    const task = await parts.store.get("task", { task_id });
    if (task?.agent_id === undefined) return { agent, fence };
    return { agent: (await parts.store.get("agent", { agent_id: task.agent_id })) ?? agent, fence: task.fence };
  };
  const progress: typeof holder.progress = async (ctx, agent, task_id, given) => {
    const taken = await standing(agent, task_id, given.fence);
    return holder.progress(ctx, taken.agent, task_id, { ...given, fence: taken.fence });
  };
  const complete: typeof holder.complete = async (ctx, agent, task_id, fence, given) => {
    const taken = await standing(agent, task_id, fence);
    return holder.complete(ctx, taken.agent, task_id, taken.fence, given);
  };
  return { ...instance, rooms: { ...instance.rooms, holder: { ...holder, progress, complete } } };
}

/** An edge is removed whether or not it is still there. */
function edgeWithoutCondition(): Rewrite {
  return (operation, input) => {
    if (operation !== "TransactWriteItems") return;
    const { TransactItems } = input as { TransactItems: { Delete?: Write }[] };
    for (const { Delete } of TransactItems) {
      if (Delete === undefined || !isEdge(Delete)) continue;
      for (const name of ["ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues"] as const)
        delete Delete[name];
    }
  };
}

interface Write {
  Key: { pk: { S: string }; sk: { S: string } };
  ConditionExpression?: string;
  ExpressionAttributeNames?: unknown;
  ExpressionAttributeValues?: Record<string, unknown>;
}

const isEdge = ({ Key }: Write): boolean => Key.sk.S.startsWith("edge#");
