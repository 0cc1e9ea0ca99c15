import type { AgentRow } from "../agents/model.ts";

export interface Candidate {
  agent: AgentRow;
  phase_ids: readonly string[];
}

const freeOf = ({ capacity, slots }: AgentRow) => capacity - Object.keys(slots).length;
const byId = (a: AgentRow, b: AgentRow) => (a.agent_id < b.agent_id ? -1 : 1);

/**
 * Who gives capacity to a phase, and who gets it: of those that work elsewhere the one with the most free capacity, of those that work
 * in the phase the one with the least. Only agents that may take work, and what is free. `undefined` where there is no such pair.
 */
export function chooseAgents(
  candidates: readonly Candidate[],
  phase_id: string,
  amount: number,
): { giver: AgentRow; taker: AgentRow } | undefined {
  const able = candidates.filter(({ agent }) => agent.status === "IDLE" && !agent.probe && agent.leaving === undefined);
  const inside = able.filter(({ phase_ids }) => phase_ids.includes(phase_id)).map(({ agent }) => agent);
  const outside = able.filter(({ phase_ids }) => !phase_ids.includes(phase_id)).map(({ agent }) => agent);
  const [giver] = outside
    .filter((agent) => freeOf(agent) >= amount && agent.capacity > amount)
    .sort((a, b) => freeOf(b) - freeOf(a) || byId(a, b));
  const [taker] = inside.sort((a, b) => freeOf(a) - freeOf(b) || byId(a, b));
  return giver && taker && { giver, taker };
}
