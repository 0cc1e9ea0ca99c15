import type { Instant } from "@omoios/kernel/clock";
import { type AgentId, isId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import { errors, jwtVerify, SignJWT } from "jose";
import type { AgentRow } from "../agents/model.ts";
import type { TokenKeys } from "./model.ts";

const ALGORITHM = "HS256";
/** Marks a token as one for access (RFC 9068), so that nothing else signed by the same key passes for one. */
const TYPE = "at+jwt";

/** What an access token says, once its signature, audience and time are good. */
interface AccessClaims {
  agent_id: AgentId;
  epoch: number;
  /** The agent's key with which it was bought. */
  key_id: string;
  expires_at: Instant;
  /** The stage's key that signed it. */
  kid: string;
}

/** So many tokens one process remembers; of more, the one that was verified first is forgotten. */
const REMEMBERED = 1_000;

/**
 * Reads access tokens as `readToken`, and verifies each once in this process while its key is one of the stage's: an agent sends the same
 * token with every call for minutes. What can void it sooner, its agent's keys and epoch, is not of the token and is asked each time.
 */
export function tokenReader(keys: TokenKeys, audience: string): (token: string, now: Instant) => Promise<AccessClaims> {
  const verified = new Map<string, AccessClaims>();
  return async (token, now) => {
    const known = verified.get(token);
    if (known !== undefined && known.expires_at > now && (await keys.find(known.kid)) !== undefined) return known;
    verified.delete(token);
    const claims = await readToken(token, keys, { audience, now });
    verified.set(token, claims);
    const [first] = verified.keys();
    if (verified.size > REMEMBERED && first !== undefined) verified.delete(first);
    return claims;
  };
}

/** An access token for the agent as it stands: it names its key and epoch, so that both can void it. */
export async function issueToken(
  agent: Pick<AgentRow, "agent_id" | "epoch" | "key_id">,
  keys: TokenKeys,
  { audience, seconds, now }: { audience: string; seconds: number; now: Instant },
): Promise<string> {
  const { kid, secret } = await keys.newest();
  const issued_at = Math.floor(now / 1000);
  return new SignJWT({ epoch: agent.epoch, key: agent.key_id })
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
    .setSubject(agent.agent_id)
    .setAudience(audience)
    .setIssuedAt(issued_at)
    .setExpirationTime(issued_at + seconds)
    .sign(secret);
}

/** Reads an access token. Throws `auth.invalid` for one that is not ours, not for us, or has expired. */
export async function readToken(
  token: string,
  keys: TokenKeys,
  { audience, now }: { audience: string; now: Instant },
): Promise<AccessClaims> {
  try {
    const { payload, protectedHeader } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = kid === undefined ? undefined : await keys.find(kid);
        if (key === undefined) throw new errors.JWKSNoMatchingKey();
        return key.secret;
      },
      {
        algorithms: [ALGORITHM],
        typ: TYPE,
        audience,
        requiredClaims: ["sub", "exp", "epoch", "key"],
        currentDate: new Date(now),
      },
    );
    const { sub = "", epoch, key, exp = 0 } = payload;
    const { kid = "" } = protectedHeader;
    if (!isId("agent", sub) || typeof epoch !== "number" || typeof key !== "string") throw new errors.JWTInvalid();
    return { agent_id: sub, epoch, key_id: key, expires_at: exp * 1000, kid };
  } catch (cause) {
    if (!(cause instanceof errors.JOSEError)) throw cause;
    const expired = cause instanceof errors.JWTExpired;
    throw new Problem("auth.invalid", { ...(expired ? { detail: "The access token has expired." } : {}), cause });
  }
}
