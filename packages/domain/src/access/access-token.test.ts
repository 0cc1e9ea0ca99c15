import { newId } from "@omoios/kernel/ids";
import { systemRandom } from "@omoios/kernel/random";
import { expect, test } from "vitest";
import { issueToken, tokenReader } from "./access-token.ts";
import type { TokenKey } from "./model.ts";

const NOW = Date.UTC(2026, 0, 1);
const AUDIENCE = "omoios:test";
const AGENT = { agent_id: newId("agent", systemRandom), epoch: 3, key_id: "key-of-the-agent" };

function stageKeys(...valid: TokenKey[]) {
  let secrets = 0;
  return {
    valid,
    /** How often a signature was verified: nothing else asks for a secret. */
    verified: () => secrets,
    async newest() {
      const [key] = valid;
      if (key === undefined) throw new Error("No key is left");
      return key;
    },
    async find(kid: string) {
      const key = valid.find((one) => one.kid === kid);
      if (key === undefined) return undefined;
      return {
        kid,
        get secret() {
          secrets += 1;
          return key.secret;
        },
      };
    },
  };
}

const key = (kid: string): TokenKey => ({ kid, secret: crypto.getRandomValues(new Uint8Array(32)) });
const bought = (keys: ReturnType<typeof stageKeys>, seconds = 900) =>
  issueToken(AGENT, keys, { audience: AUDIENCE, seconds, now: NOW });

test("a token is verified once, and says the same each time", async () => {
  const keys = stageKeys(key("a"));
  const token = await bought(keys);
  const read = tokenReader(keys, AUDIENCE);
  const first = await read(token, NOW);
  expect(first).toMatchObject({ ...AGENT, expires_at: NOW + 900_000, kid: "a" });
  expect(await read(token, NOW + 899_999)).toEqual(first);
  expect(keys.verified()).toBe(1);
});

test("a token that was read before is refused once it has expired", async () => {
  const keys = stageKeys(key("a"));
  const token = await bought(keys);
  const read = tokenReader(keys, AUDIENCE);
  await read(token, NOW);
  await expect(read(token, NOW + 900_000)).rejects.toThrow("The access token has expired.");
});

test("a token that was read before is refused once its key is none of the stage's", async () => {
  const keys = stageKeys(key("a"));
  const token = await bought(keys);
  const read = tokenReader(keys, AUDIENCE);
  await read(token, NOW);
  keys.valid.splice(0, 1, key("b"));
  await expect(read(token, NOW)).rejects.toMatchObject({ code: "auth.invalid" });
});

test("another token of the same claims with a wrong signature is refused beside a good one", async () => {
  const keys = stageKeys(key("a"));
  const token = await bought(keys);
  const read = tokenReader(keys, AUDIENCE);
  await read(token, NOW);
  const forged = await bought(stageKeys(key("a")));
  expect(forged.split(".").slice(0, 2)).toEqual(token.split(".").slice(0, 2));
  await expect(read(forged, NOW)).rejects.toMatchObject({ code: "auth.invalid" });
});

test("of more than a thousand tokens the one that was verified first is verified again", async () => {
  const keys = stageKeys(key("a"));
  const read = tokenReader(keys, AUDIENCE);
  const tokens = await Promise.all(Array.from({ length: 1_001 }, (_, n) => bought(keys, 900 + n)));
  for (const token of tokens) await read(token, NOW);
  const before = keys.verified();
  await read(tokens[1_000] ?? "", NOW);
  await read(tokens[1] ?? "", NOW);
  expect(keys.verified()).toBe(before);
  await read(tokens[0] ?? "", NOW);
  expect(keys.verified()).toBe(before + 1);
});
