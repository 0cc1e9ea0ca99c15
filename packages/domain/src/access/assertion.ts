import { type Instant, toRfc3339 } from "@omoios/kernel/clock";
import { isId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import { decodeJwt, decodeProtectedHeader, errors, importJWK, type JWTPayload, jwtVerify } from "jose";
import { heldKey } from "../agents/keys.ts";
import type { AgentRow } from "../agents/model.ts";
import type { Store, UsedAssertions } from "../store.ts";

export interface AssertionParts {
  store: Store;
  used: UsedAssertions;
  /** Whom assertions must be for. */
  audience: string;
  limits: { assertion_seconds: number; clock_tolerance_seconds: number };
}

const LONGEST_JTI = 128;

/** An agent, and which of its keys signed. */
interface Signer {
  agent: AgentRow;
  key_id: string;
  public_x: string;
}

/**
 * The agent, and its key that signed the assertion, which is thereby used. Throws `auth.invalid`, or `agent.clock` with the plane's time for
 * an assertion that is good but for its times.
 * @param judge throws where the agent may not have what it asks for: a refusal does not use the assertion up
 */
export async function useAssertion(
  parts: AssertionParts,
  assertion: string,
  now: Instant,
  judge: (agent: AgentRow) => void | Promise<void>,
): Promise<Pick<Signer, "agent" | "key_id">> {
  const signer = await namedSigner(parts.store, assertion, now);
  const { agent, key_id } = signer;
  const claims = await verify(parts, assertion, signer, now);
  const lifetime = judgeLifetime(claims, parts.limits, now);
  if (lifetime !== "good") throw clockProblem(lifetime, now);
  if (typeof claims.jti !== "string" || claims.jti === "" || claims.jti.length > LONGEST_JTI) {
    throw new Problem("auth.invalid", { detail: `The assertion's jti must be 1 to ${LONGEST_JTI} characters.` });
  }
  await judge(agent);
  const ends_at = (claims.exp + parts.limits.clock_tolerance_seconds + 1) * 1000;
  if (!(await parts.used.use(agent.agent_id, claims.jti, ends_at))) {
    throw new Problem("auth.invalid", { detail: "The assertion was used before: sign a new one." });
  }
  return { agent, key_id };
}

/** Whether the times of an assertion are those of an agent whose clock is right. */
export function judgeLifetime(
  { exp, nbf, iat }: { exp: number; nbf?: number | undefined; iat?: number | undefined },
  { assertion_seconds, clock_tolerance_seconds: tolerance }: AssertionParts["limits"],
  now: Instant,
): "good" | "expired" | "not_yet" | "too_long" {
  const seconds = now / 1000;
  if (exp + tolerance <= seconds) return "expired";
  if (Math.max(nbf ?? 0, iat ?? 0) - tolerance > seconds) return "not_yet";
  if (exp - tolerance > seconds + assertion_seconds) return "too_long";
  return "good";
}

/** The agent that the assertion claims to be of. Nothing is proven by that: its key must have signed it. */
async function namedSigner(store: Store, assertion: string, now: Instant): Promise<Signer> {
  try {
    const { sub } = decodeJwt(assertion);
    const { kid } = decodeProtectedHeader(assertion);
    const agent = sub !== undefined && isId("agent", sub) ? await store.get("agent", { agent_id: sub }) : undefined;
    const public_x = agent && heldKey(agent, kid, now);
    if (agent !== undefined && kid !== undefined && public_x !== undefined) return { agent, key_id: kid, public_x };
  } catch (cause) {
    if (!(cause instanceof errors.JOSEError) && !(cause instanceof TypeError)) throw cause;
    throw new Problem("auth.invalid", { detail: "The assertion is no JWT.", cause });
  }
  throw new Problem("auth.invalid", { detail: "The assertion's sub and kid name no agent and its key." });
}

/** Times are judged apart from this, so that only the holder of the key is told the plane's time. */
async function verify(
  { audience }: AssertionParts,
  assertion: string,
  { agent, public_x }: Signer,
  now: Instant,
): Promise<JWTPayload & { exp: number }> {
  try {
    const key = await importJWK({ kty: "OKP", crv: "Ed25519", x: public_x }, "EdDSA");
    const { payload } = await jwtVerify(assertion, key, {
      algorithms: ["EdDSA"],
      audience,
      subject: agent.agent_id,
      requiredClaims: ["jti", "exp"],
      currentDate: new Date(now),
      clockTolerance: Number.MAX_SAFE_INTEGER,
    });
    return { ...payload, exp: Number(payload.exp) };
  } catch (cause) {
    if (!(cause instanceof errors.JOSEError)) throw cause;
    const foreign = cause instanceof errors.JWTClaimValidationFailed && cause.claim === "aud";
    const detail = foreign
      ? "The assertion is for another audience: use the one of the registration's answer."
      : "The assertion is not signed by the agent's key, or lacks jti or exp.";
    throw new Problem("auth.invalid", { detail, cause });
  }
}

const CLOCK_DETAIL = {
  expired: "The assertion has expired.",
  not_yet: "The assertion is not valid yet.",
  too_long: "The assertion ends too late.",
} as const;

function clockProblem(fault: keyof typeof CLOCK_DETAIL, now: Instant): Problem {
  return new Problem("agent.clock", { detail: CLOCK_DETAIL[fault], extra: { server_time: toRfc3339(now) } });
}
