import type { JWK } from "jose";
import { type AgentKey, generateAgentKey } from "./agent-key.ts";
import { ApiProblem } from "./api-problem.ts";
import type { AgentIdentity } from "./assertion.ts";
import type { Client } from "./client.ts";

type Keep = (identity: AgentIdentity) => Promise<void>;

/** Puts one key after another in the place of an agent's own. `use` has it sign with the new one. */
export function keyRotation(identity: AgentIdentity, client: Client, use: (private_key: JWK) => void) {
  const { agent_id, audience } = identity;
  let { private_key } = identity;
  /** Made, and perhaps known to the plane: the answer may have been lost. */
  let next: AgentKey | undefined;

  return async (keep: Keep = async () => undefined): Promise<void> => {
    next ??= await generateAgentKey();
    await keep({ agent_id, audience, private_key, next_key: next.private_key });
    try {
      await client.rotateAgentKey({ params: { agent_id }, body: { public_key: next.public_key } });
    } catch (failure) {
      // Another agent has it: the plane will not take it at the next try either.
      if (failure instanceof ApiProblem && failure.status === 409) next = undefined;
      throw failure;
    }
    private_key = next.private_key;
    next = undefined;
    use(private_key);
    await keep({ agent_id, audience, private_key });
  };
}
