import { type Agent, createAgent } from "@omoios/sdk/agent";
import type { Client } from "@omoios/sdk/client";
import { registerAgent } from "@omoios/sdk/register-agent";

/** Registers an agent and starts it. */
export async function startAgent(
  url: string,
  operator: Client,
  phase_ids: readonly string[],
  { capabilities = [], ...options }: { capabilities?: readonly string[]; fetch?: typeof globalThis.fetch } = {},
): Promise<Agent> {
  const wanted = { agent_type: "worker", capacity: 1, version: "1.0.0" } as const;
  const offered = { phase_ids: [...phase_ids], capabilities: [...capabilities] };
  const { identity } = await registerAgent(operator, { ...wanted, ...offered });
  const agent = createAgent({ url, ...identity, ...options });
  await agent.start();
  // Buys the access token, so that no later call is two.
  await agent.client.whoami();
  return agent;
}

/** Starts agents eight at a time. */
export async function startAgents(
  url: string,
  operator: Client,
  count: number,
  phase_ids: readonly string[],
  capabilities: readonly string[] = [],
): Promise<Agent[]> {
  const start = () => startAgent(url, operator, phase_ids, { capabilities });
  const agents: Agent[] = [];
  while (agents.length < count) {
    const wanted = Math.min(8, count - agents.length);
    agents.push(...(await Promise.all(Array.from({ length: wanted }, start))));
  }
  return agents;
}
