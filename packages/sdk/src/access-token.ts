import type { Clock } from "@omoios/kernel/clock";
import type { AssertionSigner } from "./assertion.ts";
import type { Bearer } from "./bearer.ts";
import type { Client } from "./client.ts";

/** The share of a token's life after which a new one is bought. */
const RENEW_AT = 0.8;

/** An agent's access tokens: bought with an assertion when first needed, renewed before they end, and after a 401. */
export function accessTokens(
  agent_id: string,
  signer: AssertionSigner,
  anonymous: Client,
  clock: Clock,
): Bearer & { drop(): void } {
  let current: { token: string; renew_at: number } | undefined;
  let buying: Promise<string> | undefined;

  async function buy(): Promise<string> {
    const asked_at = clock.now();
    const reply = await signer.withAssertion((assertion) =>
      anonymous.buyToken({ params: { agent_id }, body: { assertion } }),
    );
    current = { token: reply.access_token, renew_at: asked_at + reply.expires_in * 1000 * RENEW_AT };
    return reply.access_token;
  }

  return {
    token() {
      if (current !== undefined && clock.now() < current.renew_at) return current.token;
      buying ??= buy().finally(() => {
        buying = undefined;
      });
      return buying;
    },
    drop() {
      current = undefined;
    },
    renew() {
      const had = current !== undefined;
      current = undefined;
      return had;
    },
  };
}
