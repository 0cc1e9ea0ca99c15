import { type AgentActs, agentActs } from "./agent-acts.ts";
import { beat } from "./agent-keys.ts";
import type { AgentsPlane } from "./agents-plane.ts";

export type StartedAgent = Awaited<ReturnType<AgentActs["started"]>>;

export type LadderActs = ReturnType<typeof ladderActs>;

/** Agents that beat or fall silent, and the judgement of it, at a time that the test sets. */
export function ladderActs(plane: AgentsPlane) {
  const acts = agentActs(plane);
  return {
    ...acts,

    /** Judges every 15 s, as the plane does while an agent is active, until so many seconds have passed. */
    async judgedFor(seconds: number, meanwhile: (at: number) => Promise<unknown> = async () => undefined) {
      for (let at = 15; at <= seconds; at += 15) {
        plane.pass(15_000);
        await meanwhile(at);
        await plane.agents.watchAgain(plane.context("timers"), plane.clock.now());
      }
    },

    fleetOf: (count: number): Promise<StartedAgent[]> =>
      Promise.all(Array.from({ length: count }, () => acts.started())),

    /** Its status, the misses that were counted, what it is due for, and what it holds. */
    async standing({ agent_id }: Pick<StartedAgent, "agent_id">) {
      const row = await acts.rowOf(agent_id);
      return [row?.status, row?.silence?.misses ?? 0, row?.due_at, row?.slots];
    },

    statusOf: async ({ agent_id }: Pick<StartedAgent, "agent_id">) => (await acts.rowOf(agent_id))?.status,

    nextBeat: (agent: StartedAgent, n: number) => acts.beatBy(agent, agent.token, beat(n)),
  };
}

/** What `standing` gives for an agent that beats and does nothing. */
export const AT_EASE = ["IDLE", 0, undefined, {}];
