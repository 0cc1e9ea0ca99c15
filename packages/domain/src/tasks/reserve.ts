import { freeSlot, withoutTask, withSlot } from "../agents/acting.ts";
import type { AgentRow, Slot } from "../agents/model.ts";
import { type RequestContext, Stale } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import type { ReadyEntry } from "./model.ts";
import type { TaskParts } from "./parts.ts";

type Parts = Pick<TaskParts, "store" | "commit">;

interface Reservation {
  /** The entry whose slot this one takes over: its take was lost to another. */
  before?: ReadyEntry | undefined;
  /** Hash of the claim's idempotency key. */
  key?: string | undefined;
  pushed?: true;
}

/** Writes the slot for the entry, in place of the one before it. `undefined` when the agent may not take work any more. */
export async function reserve(
  parts: Parts,
  ctx: RequestContext,
  agent: AgentRow,
  entry: ReadyEntry,
  { before, key, pushed }: Reservation = {},
): Promise<AgentRow | undefined> {
  const slot: Slot = {
    task_id: entry.task_id,
    fence: entry.fence + 1,
    at: ctx.now,
    ...(key === undefined ? {} : { key }),
    ...(pushed === undefined ? {} : { pushed }),
  };
  let known: AgentRow | undefined = agent;
  return untilSettled(async () => {
    const current = known ?? (await parts.store.get("agent", { agent_id: agent.agent_id }));
    known = undefined;
    if (current === undefined || current.epoch !== agent.epoch) return undefined;
    const cleared = before === undefined ? current : withoutTask(current, before.task_id, before.fence + 1);
    const name = freeSlot(cleared);
    if (name === undefined) return undefined;
    const [row] = await parts.commit(ctx, [{ kind: "agent", before: current, after: withSlot(cleared, name, slot) }]);
    return row as AgentRow;
  });
}

/** Gives back the slot of a take that came to nothing. A slot left behind would count as free all the same, but only once the agent is full. */
export async function giveUp(parts: Parts, ctx: RequestContext, agent: AgentRow, entry: ReadyEntry): Promise<AgentRow> {
  try {
    const [row] = await parts.commit(ctx, [
      { kind: "agent", before: agent, after: withoutTask(agent, entry.task_id, entry.fence + 1) },
    ]);
    return row as AgentRow;
  } catch (error) {
    if (!(error instanceof Stale)) throw error;
    return (await parts.store.get("agent", { agent_id: agent.agent_id })) ?? agent;
  }
}
