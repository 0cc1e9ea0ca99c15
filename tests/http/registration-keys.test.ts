import type { Tables } from "@omoios/adapters/dynamodb/client";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WORKER } from "../harness/agent-acts.ts";
import { type AgentsPlane, agentsPlane, START } from "../harness/agents-plane.ts";
import { withTables } from "../harness/dynamodb.ts";

let tables: Tables;
let stop: () => Promise<void>;
let plane: AgentsPlane;
beforeAll(async () => ({ tables, stop } = await withTables()));
beforeEach(async () => {
  plane = await agentsPlane(tables);
});
afterAll(() => stop());

const GOOD = { kind: "registration", name: "fleet", uses: 3, expires_at: new Date(START + 3_600_000).toISOString() };
const make = (body: Record<string, unknown> = {}) => plane.call("POST", "/api-keys", { body: { ...GOOD, ...body } });
const register = (key: string, given: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
  plane.call("POST", "/agents/register", { key, body: { ...WORKER, ...given }, headers });

describe("a registration key", () => {
  it("registers so many agents and not one more, however many ask at once", async () => {
    const { body: key } = await make();
    expect(key.api_key).toMatch(/^omoi_rk_[0-9A-Za-z]{43}$/);
    const answers = await Promise.all(Array.from({ length: 12 }, () => register(key.api_key)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.filter(({ body }) => body.code === "auth.key_used_up")).toHaveLength(9);
    const [agent] = answers.filter(({ status }) => status === 201);
    expect(await plane.store.get("agent_profile", agent?.body)).toMatchObject({ registered_by: key.key_id });
    const { body: keys } = await plane.call("GET", "/api-keys?limit=100");
    const shown = keys.items.find(({ key_id }: { key_id: string }) => key_id === key.key_id);
    expect(shown).toMatchObject({ ...GOOD, scopes: [], authority: "WORKER", used: 3 });
  });

  it("loses no use to a registration that is refused", async () => {
    const { body: key } = await make({ uses: 1 });
    expect(await register(key.api_key, { version: "9.0.0" })).toMatchObject({ status: 422 });
    expect(await register(key.api_key)).toMatchObject({ status: 201 });
    expect(await register(key.api_key)).toMatchObject({ status: 403, body: { code: "auth.key_used_up" } });
  });

  it("does nothing else, and gives no authority", async () => {
    const { body: key } = await make();
    const tried = ["/agents", "/whoami", "/tickets", "/api-keys"].map((path) =>
      plane.call("GET", path, { key: key.api_key }),
    );
    expect((await Promise.all(tried)).map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(await register(key.api_key, { authority: "SYSTEM" })).toMatchObject({ status: 422 });
  });

  it("ends at its time, and at once when it is revoked", async () => {
    const [short, revoked] = [(await make()).body, (await make()).body];
    await plane.call("DELETE", `/api-keys/${revoked.key_id}`);
    expect(await register(revoked.api_key)).toMatchObject({ status: 401, body: { code: "auth.invalid" } });
    plane.pass(3_599_999);
    expect(await register(short.api_key)).toMatchObject({ status: 201 });
    plane.pass(1);
    expect(await register(short.api_key)).toMatchObject({ status: 401, body: { code: "auth.invalid" } });
  });

  it("makes an agent once for an idempotency key", async () => {
    const { body: key } = await make();
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const first = await register(key.api_key, {}, headers);
    expect(await register(key.api_key, {}, headers)).toMatchObject({
      status: 409,
      body: { code: "idempotency.secret_gone", id: first.body.agent_id },
    });
  });

  it.each([
    ["without uses", { uses: undefined }, "/uses"],
    ["without an end", { expires_at: undefined }, "/expires_at"],
    ["that has ended", { expires_at: new Date(START).toISOString() }, "/expires_at"],
    ["with scopes", { scopes: ["admin"] }, "/scopes"],
    ["with an authority", { authority: "SYSTEM" }, "/authority"],
    ["of the other kind without scopes", { kind: "operator", uses: undefined, expires_at: undefined }, "/scopes"],
    ["of the other kind with uses", { kind: "operator", scopes: ["tasks:read"], expires_at: undefined }, "/uses"],
  ])("is not made %s", async (_how, body, path) => {
    const answer = await make(body);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path }] } });
  });
});
