import { randomBytes } from "node:crypto";
import type { MakeApiKey } from "@omoios/domain/access/model";
import type { KeyPairs } from "@omoios/domain/agents/model";
import { type Instant, toRfc3339 } from "@omoios/kernel/clock";
import { exportJWK, generateKeyPair } from "jose";

const BASE_62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** 43 characters of 62: 256 bits. */
const API_KEY_LENGTH = 43;
/** The largest multiple of 62 that a byte can hold: bytes from there on would favour the first characters. */
const UNBIASED = 248;

/** A key from the machine's own random source. */
export const makeApiKey: MakeApiKey = (kind = "operator") => {
  let body = "";
  while (body.length < API_KEY_LENGTH) {
    for (const byte of randomBytes(API_KEY_LENGTH)) if (byte < UNBIASED) body += BASE_62.charAt(byte % BASE_62.length);
  }
  return `${kind === "operator" ? "omoi_sk" : "omoi_rk"}_${body.slice(0, API_KEY_LENGTH)}`;
};

/** Ed25519 pairs for agents that bring no key. */
export const keyPairs: KeyPairs = {
  async make() {
    const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
    const { kty, x, ...rest } = await exportJWK(privateKey);
    if (kty === undefined || x === undefined) throw new Error("An exported Ed25519 key lacks kty or x");
    return { public_x: x, private_key: { kty, x, ...rest } };
  },
};

/** A list with one new token key, as a SecureString or key file holds it. */
export function newStageKeys(now: Instant): string {
  const key = {
    kid: randomBytes(8).toString("hex"),
    secret: randomBytes(32).toString("base64url"),
    created_at: toRfc3339(now),
  };
  return JSON.stringify({ keys: [key] });
}
