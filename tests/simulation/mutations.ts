import type { Instance } from "./plane/instances.ts";
import type { SimulationOptions } from "./simulate.ts";
import type { Rewrite } from "./wire/tables-service.ts";

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

/** A result counts for the lease that its agent holds now, whatever fence it names. */
function wordWithoutFence(instance: Instance): Instance {
  const { holder, parts } = instance.rooms;
  const complete: typeof holder.complete = async (ctx, agent, task_id, fence, given) => {
    const task = await parts.store.get("task", { task_id });
    return holder.complete(ctx, agent, task_id, task?.fence ?? fence, given);
  };
  return { ...instance, rooms: { ...instance.rooms, holder: { ...holder, complete } } };
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
