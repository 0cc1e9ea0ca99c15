import type { RouteReply } from "@omoios/contracts/routes";
import { type AgentKey, generateAgentKey } from "./agent-key.ts";
import { ApiProblem } from "./api-problem.ts";
import type { AgentIdentity } from "./assertion.ts";
import type { CallRequest, Client } from "./client.ts";
import type { CallOptions } from "./transport.ts";

export type Registration = Omit<CallRequest<"registerAgent">["body"], "public_key">;

export interface RegisteredAgent {
  identity: AgentIdentity;
  registered: RouteReply<"registerAgent">;
}

/**
 * Registers an agent under a key pair made on this machine (or the one given), so that no private key travels. `client` is an
 * operator's. The registration ends by itself unless the first heartbeat (`createAgent(…).start()`) follows within a minute.
 */
export async function registerAgent(
  client: Client,
  registration: Registration,
  { key, ...options }: CallOptions & { key?: AgentKey } = {},
): Promise<RegisteredAgent> {
  try {
    return await registerWith(key ?? (await generateAgentKey()), client, registration, options);
  } catch (failure) {
    // The answer was lost and is not repeated. What was registered under that key ends by itself; a new pair starts afresh.
    if (!(failure instanceof ApiProblem) || failure.code !== "idempotency.secret_gone") throw failure;
    return await registerWith(await generateAgentKey(), client, registration, options);
  }
}

async function registerWith(key: AgentKey, client: Client, registration: Registration, options: CallOptions) {
  const body = { ...registration, public_key: key.public_key };
  const registered = await client.registerAgent({ body }, options);
  const { agent_id, audience } = registered;
  return { identity: { agent_id, audience, private_key: key.private_key }, registered };
}
