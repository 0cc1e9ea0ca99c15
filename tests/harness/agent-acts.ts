import { type AgentId, newId } from "@omoios/kernel/ids";
import { systemRandom } from "@omoios/kernel/random";
import type { JWK } from "jose";
import { beat, newPair, type Pair, sign } from "./agent-keys.ts";
import type { AgentsPlane } from "./agents-plane.ts";

export const WORKER = {
  agent_type: "worker",
  phase_ids: ["PHASE_IMPLEMENTATION"],
  capabilities: ["lang:go"],
  version: "1.2.0",
};
export const TASK_A = newId("task", systemRandom);
export const TASK_B = newId("task", systemRandom);

/** An agent as its own machine knows it. */
export interface Registered {
  agent_id: AgentId;
  key_id: string;
  private_key: JWK;
}

export type AgentActs = ReturnType<typeof agentActs>;

/** What agents do, over HTTP. */
export function agentActs(plane: AgentsPlane) {
  const acts = {
    rowOf: (agent_id: AgentId) => plane.store.get("agent", { agent_id }),

    assertionOf: (agent: Registered, claims: Record<string, unknown> = {}) =>
      sign({ ...agent, now: plane.clock.now(), claims }),

    beatBy: (agent: Pick<Registered, "agent_id">, key: string, body: unknown) =>
      plane.call("POST", `/agents/${agent.agent_id}/heartbeat`, { key, body }),

    buy: (agent: Pick<Registered, "agent_id">, assertion: unknown) =>
      plane.call("POST", `/agents/${agent.agent_id}/token`, { body: { assertion } }),

    /** Registers a worker under a key of its own. */
    async registered(given: Record<string, unknown> = {}, pair?: Pair): Promise<Registered> {
      const { public_key, private_key } = pair ?? (await newPair());
      const answer = await plane.call("POST", "/agents/register", { body: { ...WORKER, public_key, ...given } });
      if (answer.status !== 201) throw new Error(`Not registered: ${JSON.stringify(answer.body)}`);
      return { agent_id: answer.body.agent_id, key_id: answer.body.key_id, private_key };
    },

    /** Registers a worker, sends its first heartbeat and buys a token. */
    async started(given: Record<string, unknown> = {}): Promise<Registered & { token: string }> {
      const agent = await acts.registered(given);
      const first = await acts.beatBy(agent, await acts.assertionOf(agent), beat(1));
      const bought = await acts.buy(agent, await acts.assertionOf(agent));
      if (first.status !== 200 || bought.status !== 200) throw new Error(`Not started: ${JSON.stringify(bought.body)}`);
      return { ...agent, token: bought.body.access_token };
    },
  };
  return acts;
}
