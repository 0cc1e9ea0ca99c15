import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { oidcIssuersFrom } from "@omoios/adapters/keys/oidc-issuers";
import { type OidcIssuer, oidcIssuer } from "@omoios/contracts/oidc";
import { SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { type AgentsPlane, agentsPlane, START } from "../harness/agents-plane.ts";
import { withTables } from "../harness/dynamodb.ts";
import { startIssuer } from "../harness/oidc-issuer.ts";
import { startTestPlane } from "../harness/plane.ts";

type Started = Awaited<ReturnType<typeof startIssuer>>;

const AUDIENCE = "omoios";
const NOW = START / 1000;

let tables: Tables;
let stop: () => Promise<void>;
let started: Started;
let plane: AgentsPlane;
beforeAll(async () => {
  ({ tables, stop } = await withTables());
  started = await startIssuer();
});
afterAll(async () => {
  await started.issuer.stop();
  await stop();
});

const rowOf = ({ issuer }: Started["issuer"], given: Partial<OidcIssuer> = {}): OidcIssuer =>
  oidcIssuer.parse({ issuer, audience: AUDIENCE, ...given });
const issuersOf = (...rows: ReturnType<typeof rowOf>[]) =>
  oidcIssuersFrom(rows, { clock_tolerance_seconds: 30, cooldown_ms: 0 });

beforeEach(async () => {
  plane = await agentsPlane(tables, { issuers: issuersOf(rowOf(started.issuer)) });
});

const claims = (given: Record<string, unknown> = {}) => ({
  iss: started.issuer.issuer,
  sub: "ann@example.com",
  aud: AUDIENCE,
  exp: NOW + 600,
  scope: "openid agents:read",
  ...given,
});
const tokenWith = (given: Record<string, unknown> = {}, key = started.key) => started.issuer.sign(key, claims(given));
const call = (key: string, path = "/whoami") => plane.call("GET", path, { key });

describe("a token of an issuer of the stage", () => {
  it("acts with the scopes that it lists and the least authority", async () => {
    const key = await tokenWith({ authority: "SYSTEM", scopes: ["admin"] });
    expect((await call(key)).body).toEqual({
      principal: expect.stringMatching(/^oidc_[0-9a-f]{16}_ann@example\.com$/),
      kind: "operator",
      authority: "WORKER",
      scopes: ["agents:read"],
      agent: null,
    });
    expect(await call(key, "/agents")).toMatchObject({ status: 200 });
    expect(await call(key, "/tickets")).toMatchObject({ status: 403 });
    const made = await plane.call("POST", "/api-keys", { key, body: { name: "x", scopes: ["agents:read"] } });
    expect(made).toMatchObject({ status: 403, body: { scope: "admin" } });
  });

  it("makes no key with more authority than its own", async () => {
    const key = await tokenWith({ scope: "admin" });
    const make = (authority: string) =>
      plane.call("POST", "/api-keys", { key, body: { name: "x", scopes: ["agents:read"], authority } });
    expect(await make("WORKER")).toMatchObject({ status: 201 });
    expect(await make("MONITOR")).toMatchObject({ status: 403, body: { code: "auth.authority_too_low" } });
  });

  it("acts with the authority that the stage gives its issuer, or with what it claims of that", async () => {
    const acting = async (given: Partial<OidcIssuer>, claim: unknown) => {
      plane = await agentsPlane(tables, { issuers: issuersOf(rowOf(started.issuer, given)) });
      return (await call(await tokenWith({ rank: claim }))).body.authority;
    };
    expect(await acting({ authority: "MONITOR" }, "SYSTEM")).toBe("MONITOR");
    const upTo = { authority: "MONITOR", authority_claim: "rank" } as const;
    expect(await acting(upTo, "WATCHDOG")).toBe("WATCHDOG");
    expect(await acting(upTo, "SYSTEM")).toBe("MONITOR");
    for (const word of [undefined, "monitor", "toString", ["MONITOR"], 3]) {
      expect(await acting(upTo, word)).toBe("WORKER");
    }
    expect(await acting({ authority_claim: "rank" }, "GUARDIAN")).toBe("WORKER");
  });

  it("may list its scopes in another claim, and be for several", async () => {
    const issuers = issuersOf(rowOf(started.issuer, { scopes_claim: "permissions" }));
    plane = await agentsPlane(tables, { issuers });
    const key = await tokenWith({ permissions: ["tasks:read", "tasks:fly"], aud: ["other", AUDIENCE] });
    expect((await call(key)).body).toMatchObject({ scopes: ["tasks:read"] });
  });

  const refusals: [string, Record<string, unknown>][] = [
    ["for another audience", { aud: "other" }],
    ["for nobody", { aud: undefined }],
    ["that has expired", { exp: NOW - 31 }],
    ["without an end", { exp: undefined }],
    ["that is not valid yet", { nbf: NOW + 31 }],
    ["without a subject", { sub: undefined }],
    ["of an issuer that the stage does not know", { iss: "https://elsewhere.test" }],
    ["of no issuer", { iss: undefined }],
  ];
  it.each(refusals)("is refused %s", async (_which, given) => {
    expect(await call(await tokenWith(given))).toMatchObject({ status: 401, body: { code: "auth.invalid" } });
  });

  it("is refused under another's key, and without a signature of a private one", async () => {
    const stranger = { ...(await started.issuer.newKey()), kid: started.key.kid };
    const unpublished = await started.issuer.newKey();
    const shared = new TextEncoder().encode(JSON.stringify(started.key.public_jwk));
    const header = { alg: "HS256", kid: started.key.kid };
    const [, payload] = (await tokenWith()).split(".");
    const unsigned = Buffer.from(JSON.stringify({ alg: "none", kid: started.key.kid })).toString("base64url");
    const bad = [
      await tokenWith({}, stranger),
      await tokenWith({}, unpublished),
      await new SignJWT(claims()).setProtectedHeader(header).sign(shared),
      `${unsigned}.${payload}.`,
    ];
    for (const key of bad) expect(await call(key)).toMatchObject({ status: 401, body: { code: "auth.invalid" } });
  });

  it("goes on under a new key of its issuer, of whatever kind", async () => {
    expect(await call(await tokenWith())).toMatchObject({ status: 200 });
    for (const alg of ["ES256", "EdDSA"]) {
      const next = await started.issuer.newKey(alg);
      started.issuer.publish(started.key, next);
      expect(await call(await tokenWith({}, next))).toMatchObject({ status: 200 });
    }
  });
});

describe("an issuer", () => {
  it("is asked once, however many tokens come", async () => {
    const key = await tokenWith();
    started.issuer.asked.splice(0);
    await Promise.all([call(key), call(key), call(key)]);
    await call(key);
    expect(started.issuer.asked).toEqual(["/.well-known/openid-configuration", "/keys"]);
  });

  it("that does not answer is no fault of the token, and is asked again", async () => {
    const { issuer, key } = await startIssuer();
    plane = await agentsPlane(tables, { issuers: issuersOf(rowOf(issuer)) });
    const token = await issuer.sign(key, claims({ iss: issuer.issuer }));
    issuer.page = { issuer: "https://elsewhere.test" };
    expect(await call(token)).toMatchObject({ status: 503, body: { code: "plane.unavailable" } });
    issuer.page = { issuer: issuer.issuer };
    expect(await call(token)).toMatchObject({ status: 200 });
    await issuer.stop();
    plane = await agentsPlane(tables, { issuers: issuersOf(rowOf(issuer)) });
    expect(await call(token)).toMatchObject({ status: 503 });
  });

  it("is taken from stages.yaml, by the whole plane", async () => {
    const config = mkdtempSync(join(tmpdir(), "omoi-oidc-"));
    cpSync(fileURLToPath(new URL("../../config", import.meta.url)), config, { recursive: true });
    const file = join(config, "stages.yaml");
    const stages = `${readFileSync(file, "utf8")}\n${stringify({ local: { oidc: [{ issuer: started.issuer.issuer, audience: AUDIENCE }] } }).replaceAll(/^/gm, "  ")}`;
    writeFileSync(file, stages.trimEnd());
    const whole = await startTestPlane({}, { config });
    const seconds = Math.floor(Date.now() / 1000);
    const answers = await Promise.all(
      [{ scope: "tickets:read" }, { aud: "other" }].map(async (given) =>
        fetch(`${whole.url}/api/v1/tickets`, {
          headers: { authorization: `Bearer ${await tokenWith({ exp: seconds + 60, ...given })}` },
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 401]);
    await whole.stop();
    rmSync(config, { recursive: true });
  });
});
