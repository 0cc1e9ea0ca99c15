import { type Clock, fromRfc3339 } from "@omoios/kernel/clock";
import { systemRandom } from "@omoios/kernel/random";
import { importJWK, type JWK, SignJWT } from "jose";
import { keyId } from "./agent-key.ts";
import { ApiProblem } from "./api-problem.ts";
import { type RetryPolicy, retryDelayMs } from "./retry.ts";
import { wait } from "./wait.ts";

/** Who an agent is. Kept in a file (0600), it lets the agent go on after a restart. */
export interface AgentIdentity {
  agent_id: string;
  /** Whom assertions are for: the `audience` of the registration's answer. */
  audience: string;
  private_key: JWK;
  /** A key that the plane may have been told of, and that is not in use yet: see `Agent.rotateKey`. */
  next_key?: JWK | undefined;
}

export interface AssertionSigner {
  /**
   * Makes a call with a fresh assertion, since each counts once. Refused for time, it takes over the plane's clock and calls
   * once more; a call that may succeed a moment later is repeated, each time with a new assertion.
   */
  withAssertion<T>(call: (assertion: string) => Promise<T>): Promise<T>;
  /** Signs with another key from now on. */
  useKey(private_key: JWK): void;
  /** How far the plane's clock is ahead of ours, in milliseconds. */
  readonly offset_ms: number;
}

const ASSERTION_SECONDS = 120;

/** Signs an agent's assertions (JWT, EdDSA), each with its own `jti` and good for two minutes by the plane's clock. */
export function assertionSigner(identity: AgentIdentity, clock: Clock, policy: RetryPolicy): AssertionSigner {
  let offset_ms = 0;
  let { private_key } = identity;

  async function sign(): Promise<string> {
    const seconds = Math.floor((clock.now() + offset_ms) / 1000);
    const key = await importJWK(private_key, "EdDSA");
    return new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: "EdDSA", kid: await keyId(private_key) })
      .setSubject(identity.agent_id)
      .setAudience(identity.audience)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + ASSERTION_SECONDS)
      .sign(key);
  }

  return {
    get offset_ms() {
      return offset_ms;
    },
    useKey(next) {
      private_key = next;
    },
    async withAssertion(call) {
      let corrected = false;
      for (let tries = 1; ; tries += 1) {
        try {
          return await call(await sign());
        } catch (failure) {
          const serverTime = corrected ? undefined : serverTimeOf(failure);
          if (serverTime !== undefined) {
            offset_ms = serverTime - clock.now();
            corrected = true;
            continue;
          }
          const delay = retryDelayMs(failure, tries, policy, systemRandom);
          if (delay === undefined) throw failure;
          await wait(delay);
        }
      }
    },
  };
}

function serverTimeOf(failure: unknown): number | undefined {
  if (!(failure instanceof ApiProblem) || failure.code !== "agent.clock") return undefined;
  const { server_time } = failure.extra;
  return typeof server_time === "string" ? fromRfc3339(server_time) : undefined;
}
