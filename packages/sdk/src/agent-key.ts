import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";

/** An agent's key: the private half never leaves its machine. */
export interface AgentKey {
  private_key: JWK;
  public_key: { kty: "OKP"; crv: "Ed25519"; x: string };
}

/** A new Ed25519 pair, made on this machine. */
export async function generateAgentKey(): Promise<AgentKey> {
  const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const private_key = await exportJWK(privateKey);
  return { private_key, public_key: publicHalf(private_key) };
}

/** The public half of an Ed25519 private key. Throws where the JWK is no such key. */
export function publicHalf(key: JWK): AgentKey["public_key"] {
  if (key.kty !== "OKP" || key.crv !== "Ed25519" || key.x === undefined || key.d === undefined) {
    throw new TypeError("private_key is no Ed25519 private key: a JWK with kty OKP, crv Ed25519, x and d is needed");
  }
  return { kty: "OKP", crv: "Ed25519", x: key.x };
}

/** The key's id, as the plane computes it too: its RFC 7638 thumbprint. */
export function keyId(key: JWK): Promise<string> {
  return calculateJwkThumbprint(publicHalf(key), "sha256");
}
