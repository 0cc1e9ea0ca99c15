import { accepted, expectAccepted, type Outcome, refused } from "@omoios/kernel/outcome";
import type { Beside, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { type AgentRow, agentEnded, hasEnded } from "./model.ts";
import type { AgentParts } from "./parts.ts";
import { expectAgent } from "./reads.ts";

/** As many tasks at once as an agent may register for. */
const MOST_CAPACITY = 50;

/** Two agents, one of which gives capacity to the other. */
export interface Pair {
  giver: AgentRow;
  taker: AgentRow;
}

/** The pair after so much was given. Tasks that the giver holds beyond what it has left are kept until they end. */
export function moveCapacity({ giver, taker }: Pair, amount: number): Outcome<Pair> {
  for (const agent of [giver, taker]) if (hasEnded(agent)) return { accepted: false, problem: agentEnded(agent) };
  if (giver.capacity - amount < 1) {
    const detail = `${giver.agent_id} has ${giver.capacity}, and keeps 1 at least.`;
    return refused("agent.capacity_refused", { detail });
  }
  if (taker.capacity + amount > MOST_CAPACITY) {
    const detail = `${taker.agent_id} has ${taker.capacity}, and takes no more than ${MOST_CAPACITY}.`;
    return refused("agent.capacity_refused", { detail });
  }
  return accepted({
    giver: { ...giver, capacity: giver.capacity - amount },
    taker: { ...taker, capacity: taker.capacity + amount },
  });
}

/** Gives two agents other capacities in one write, as `decide` says of the rows as they stand. Throws `agent.not_found`, or what it refuses. */
export async function changeCapacities(
  parts: Pick<AgentParts, "store" | "commit">,
  ctx: RequestContext,
  { giver_id, taker_id }: { giver_id: string; taker_id: string },
  decide: (pair: Pair) => Outcome<Pair>,
  beside: Beside<Pair>,
): Promise<Pair> {
  return untilSettled(async () => {
    const [giver, taker] = await Promise.all([expectAgent(parts, giver_id), expectAgent(parts, taker_id)]);
    const before: Pair = { giver: giver.agent, taker: taker.agent };
    const after = expectAccepted(decide(before));
    const { changes, made } = await beside(before, after);
    const written = (["giver", "taker"] as const).map((side) => ({
      kind: "agent" as const,
      before: before[side],
      after: after[side],
    }));
    await parts.commit(ctx, [...written, ...changes], { made });
    return after;
  });
}
