import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { AUDIENCE } from "./agents-plane.ts";

/** An Ed25519 pair as an agent keeps it. */
export interface Pair {
  private_key: JWK;
  public_key: { kty: string; crv: string; x: string };
}

export async function newPair(): Promise<Pair> {
  const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const private_key = await exportJWK(privateKey);
  return { private_key, public_key: { kty: "OKP", crv: "Ed25519", x: String(private_key.x) } };
}

export interface AssertionSpec {
  agent_id: string;
  key_id: string;
  private_key: JWK;
  now: number;
  /** Claims in place of the good ones; `undefined` leaves one out. */
  claims?: Record<string, unknown>;
}

/** An assertion that is good for two minutes, but for what the test changes. */
export async function sign({ agent_id, key_id, private_key, now, claims = {} }: AssertionSpec): Promise<string> {
  const seconds = Math.floor(now / 1000);
  const good = { sub: agent_id, aud: AUDIENCE, jti: crypto.randomUUID(), iat: seconds, exp: seconds + 120 };
  const payload = Object.fromEntries(Object.entries({ ...good, ...claims }).filter(([, value]) => value !== undefined));
  return new SignJWT(payload).setProtectedHeader({ alg: "EdDSA", kid: key_id }).sign(private_key);
}

/** A heartbeat's body with its checksum. */
export function beat(sequence_number: number, given: Record<string, unknown> = {}) {
  const fields = { sequence_number, status: "IDLE", current_task_ids: [], health_metrics: {}, ...given };
  const checksum = createHash("sha256")
    .update(canonicalize(fields) ?? "")
    .digest("hex");
  return { ...fields, checksum };
}
