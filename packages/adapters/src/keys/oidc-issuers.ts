import type { OidcIssuer } from "@omoios/contracts/oidc";
import type { OidcIssuers } from "@omoios/domain/access/oidc";
import { Problem } from "@omoios/kernel/problem";
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify, type RemoteJWKSet } from "jose";

/** Signatures by a private key alone: a public key must never pass for a secret that is shared. */
const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
const TIMEOUT_MS = 5_000;

interface OidcOptions {
  clock_tolerance_seconds: number;
  /** A token under an unknown key makes us read the issuer's keys again, at most so often; 30 s unless given. */
  cooldown_ms?: number;
}

/** Faults of the token; every other fault is of the way to the issuer. */
const TOKEN_FAULTS = [
  errors.JWTExpired,
  errors.JWTClaimValidationFailed,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

/** Issuers by configuration: their keys are found by discovery, kept, and read again after ten minutes or for a key that is not known. */
export function oidcIssuersFrom(rows: readonly OidcIssuer[], options: OidcOptions): OidcIssuers {
  const known = new Map(rows.map((row) => [row.issuer, row]));
  const keySets = new Map<string, Promise<RemoteJWKSet>>();

  const keysOf = (issuer: string): Promise<RemoteJWKSet> => {
    const found = keySets.get(issuer);
    if (found !== undefined) return found;
    const discovered = discover(issuer, options.cooldown_ms);
    keySets.set(issuer, discovered);
    // A failure is not kept: the next call tries again.
    discovered.catch(() => keySets.delete(issuer));
    return discovered;
  };

  return {
    knows: (issuer) => known.has(issuer),
    async verify(token, issuer, now) {
      const row = known.get(issuer);
      if (row === undefined) throw new Problem("auth.invalid");
      const payload = await verified(token, row, keysOf, new Date(now), options.clock_tolerance_seconds);
      if (!payload.sub) throw new Problem("auth.invalid", { detail: "The token names no subject." });
      const { authority, authority_claim, scopes_claim } = row;
      const claimed = authority_claim === undefined ? {} : { claimed: { authority: payload[authority_claim] } };
      return { issuer, subject: payload.sub, scopes: payload[scopes_claim], authority, ...claimed };
    },
  };
}

async function verified(
  token: string,
  { issuer, audience }: OidcIssuer,
  keysOf: (issuer: string) => Promise<RemoteJWKSet>,
  currentDate: Date,
  clockTolerance: number,
): Promise<JWTPayload> {
  try {
    const options = {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ["sub", "exp"],
      currentDate,
      clockTolerance,
    };
    return (await jwtVerify(token, await keysOf(issuer), options)).payload;
  } catch (cause) {
    if (TOKEN_FAULTS.some((fault) => cause instanceof fault)) {
      throw new Problem("auth.invalid", { detail: `The token of ${issuer} is not good: ${messageOf(cause)}.`, cause });
    }
    const detail = `The keys of ${issuer} cannot be read.`;
    throw new Problem("plane.unavailable", { detail, extra: { retry_after_ms: TIMEOUT_MS }, cause });
  }
}

/** Reads the issuer's own page. One that names another issuer is not its. */
async function discover(issuer: string, cooldownDuration = 30_000): Promise<RemoteJWKSet> {
  const page = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const answer = await fetch(page, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "error" });
  if (!answer.ok) throw new Error(`${page} answers ${answer.status}`);
  const { issuer: named, jwks_uri } = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (named !== issuer) throw new Error(`${page} is of another issuer: ${String(named)}`);
  const url = new URL(String(jwks_uri));
  if (url.protocol !== "https:" && !issuer.startsWith("http:"))
    throw new Error(`${page} names keys that are not on https`);
  return createRemoteJWKSet(url, { timeoutDuration: TIMEOUT_MS, cooldownDuration });
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
