import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makeApiKey } from "@omoios/adapters/keys/make-keys";
import { parseStageKeys } from "@omoios/adapters/keys/stage-key-list";
import { authority, SCOPES, type Scope } from "@omoios/contracts/shapes/access";
import type { AuthorityName } from "@omoios/kernel/principal";
import { decodeJwt, SignJWT } from "jose";
import type { MadeAgent } from "./http-harness.ts";
import { makersOf } from "./makers.ts";
import type { TestPlane } from "./plane.ts";

export const READ_ONLY = SCOPES.filter((scope) => scope.endsWith(":read"));

/** Everybody who may knock: by name, the bearer that they bring. */
export interface Bearers {
  agent: MadeAgent;
  another: MadeAgent;
  /** May take no work, and acts for itself all the same. */
  quarantined: MadeAgent;
  /** Has ended; its token has time left. */
  ended: MadeAgent;
  /** Nobody's, or no longer anybody's. */
  worthless: Record<string, string>;
  /** One key for each scope, with that scope alone and the least authority. */
  scoped: Map<Scope, string>;
  /** One key for each authority, with every scope. */
  ranked: Map<AuthorityName, string>;
  read_only: string;
  /** May register agents, and do nothing else. */
  registration: string;
}

/** Makes one of each kind of principal, through the API where it makes them. */
export async function bearersOf(plane: TestPlane): Promise<Bearers> {
  const make = makersOf(plane);
  const keyWith = async (scopes: Scope[], authority: AuthorityName = "WORKER") => {
    const { api_key } = await plane.operator.createApiKey({ body: { name: scopes.join(), scopes, authority } });
    return api_key;
  };
  const [agent, another, ended] = [await make.agent(), await make.agent(), await make.agent()];
  await plane.operator.deleteAgent({ params: { agent_id: ended.agent_id } });
  const scoped = new Map<Scope, string>();
  for (const scope of SCOPES) scoped.set(scope, await keyWith([scope]));
  const ranked = new Map<AuthorityName, string>();
  for (const rank of authority.options) ranked.set(rank, await keyWith(["admin"], rank));
  return {
    agent,
    another,
    quarantined: await make.quarantinedAgent(),
    ended,
    worthless: {
      "a key that nobody has": makeApiKey(),
      "a revoked key": await revokedKey(plane),
      "a text that is no key": "omoi_sk_short",
      "an assertion": await make.assertion(agent),
      ...(await forgedTokens(plane, agent)),
    },
    scoped,
    ranked,
    read_only: await keyWith(READ_ONLY),
    registration: await registrationKey(plane),
  };
}

async function revokedKey({ operator }: TestPlane): Promise<string> {
  const { api_key, key_id } = await operator.createApiKey({ body: { name: "revoked", scopes: ["admin"] } });
  await operator.revokeApiKey({ params: { key_id } });
  return api_key;
}

async function registrationKey({ operator }: TestPlane): Promise<string> {
  const expires_at = new Date(Date.now() + 3_600_000).toISOString();
  const { api_key } = await operator.createApiKey({
    body: { kind: "registration", name: "fleet", uses: 5, expires_at },
  });
  return api_key;
}

/** Tokens that differ from the agent's good one in one thing each. */
async function forgedTokens({ places }: TestPlane, { token }: MadeAgent): Promise<Record<string, string>> {
  const file = fileURLToPath(new URL(places.secrets["token-keys"]));
  const [stage] = parseStageKeys(readFileSync(file, "utf8"), file);
  if (stage === undefined) throw new Error(`${file} holds no token key`);
  const good = decodeJwt(token);
  const sign = (claims: object, header: object = {}, secret: Uint8Array = stage.secret) =>
    new SignJWT({ ...good, ...claims })
      .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: stage.kid, ...header })
      .sign(secret);
  const [, payload] = token.split(".");
  const unsigned = Buffer.from(JSON.stringify({ alg: "none", typ: "at+jwt", kid: stage.kid })).toString("base64url");
  const long_ago = Number(good.iat) - 3_600;
  return {
    "a token without signature": `${unsigned}.${payload}.`,
    "a token of another key": await sign({}, {}, new Uint8Array(32)),
    "a token of an unknown key": await sign({}, { kid: "unknown" }),
    "a token for another plane": await sign({ aud: "omoios:another" }),
    "a token that has expired": await sign({ iat: long_ago, exp: long_ago + 900 }),
    "a token of another type": await sign({}, { typ: "JWT" }),
    "a token of another epoch": await sign({ epoch: Number(good.epoch) + 1 }),
    "a token bought with another key": await sign({ key: "another" }),
    "a token of nobody": await sign({ sub: "agent_00000000-0000-4000-8000-000000000000" }),
  };
}
