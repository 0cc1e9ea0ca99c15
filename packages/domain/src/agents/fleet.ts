import { missesOf } from "./ladder.ts";
import type { AgentRow, PulseRow } from "./model.ts";
import type { AgentParts } from "./parts.ts";

/** An agent that beats, or should, as the monitor measures it. */
export interface FleetAgent {
  agent: AgentRow;
  pulse: PulseRow;
  phase_ids: readonly string[];
  /** Beats missed in a row. */
  misses: number;
}

/** The agents behind pulses; of one that has ended since nothing. Its cost follows who lives: a row each, a hundred to a request. */
export async function fleetOf(
  { store }: Pick<AgentParts, "store">,
  pulses: readonly PulseRow[],
): Promise<FleetAgent[]> {
  if (pulses.length === 0) return [];
  const agents = await store.getMany(
    "agent",
    pulses.map(({ agent_id }) => ({ agent_id })),
  );
  const ids = [...new Set(agents.map(({ class_id }) => class_id))];
  const classes = await store.getMany(
    "agent_class",
    ids.map((class_id) => ({ class_id })),
  );
  const phasesOf = new Map(classes.map(({ class_id, phase_ids }) => [class_id, phase_ids]));
  const pulseOf = new Map(pulses.map((pulse) => [pulse.agent_id, pulse]));
  return agents.flatMap((agent) => {
    const pulse = pulseOf.get(agent.agent_id);
    if (pulse === undefined) return [];
    return [{ agent, pulse, phase_ids: phasesOf.get(agent.class_id) ?? [], misses: missesOf(agent, pulse) }];
  });
}
