import type { Tables } from "@omoios/adapters/dynamodb/client";
import { makeApiKey } from "@omoios/adapters/keys/make-keys";
import { SCOPES } from "@omoios/contracts/shapes/access";
import { fingerprint } from "@omoios/domain/access/api-key";
import { prepareOperator } from "@omoios/domain/access/prepare-operator";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
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

const make = (body: Record<string, unknown>, key = plane.operator_key) =>
  plane.call("POST", "/api-keys", { key, body: { name: "ci", scopes: ["tasks:read"], ...body } });
const whoami = (key: string) => plane.call("GET", "/whoami", { key });

describe("the operator's key", () => {
  it("has every scope and the highest authority", async () => {
    expect((await whoami(plane.operator_key)).body).toEqual({
      principal: fingerprint(plane.operator_key).key_id,
      kind: "operator",
      authority: "SYSTEM",
      scopes: [...SCOPES],
      agent: null,
    });
  });

  it("is made once, however often it is prepared, and stays revoked", async () => {
    const prepare = () => prepareOperator(plane.commit, plane.store, plane.context(), plane.operator_key);
    const { key_id } = fingerprint(plane.operator_key);
    expect(await Promise.all([prepare(), prepare()])).toEqual([key_id, key_id]);
    expect(await plane.store.get("api_key", { key_id })).toMatchObject({ version: 1, name: "operator" });
    await plane.call("DELETE", `/api-keys/${key_id}`);
    await prepare();
    expect(await whoami(plane.operator_key)).toMatchObject({ status: 401 });
  });

  it("must look like a key", async () => {
    const prepare = prepareOperator(plane.commit, plane.store, plane.context(), "omoi_sk_short");
    await expect(prepare).rejects.toThrow("32 to 200 letters and digits");
  });
});

describe("keys", () => {
  it("are shown once, stored as their hash, and act with their own scopes", async () => {
    const { status, body } = await make({ scopes: ["tasks:write", "tasks:read", "tasks:write"] });
    expect(status).toBe(201);
    expect(body.api_key).toMatch(/^omoi_sk_[0-9A-Za-z]{43}$/);
    expect(await plane.eventsOf("api_key", body)).toMatchObject([{ type: "access.key_created", data: { name: "ci" } }]);
    const row = await plane.store.get("api_key", body);
    expect(JSON.stringify(row)).not.toContain(body.api_key);
    expect((await whoami(body.api_key)).body).toMatchObject({
      principal: body.key_id,
      scopes: ["tasks:read", "tasks:write"],
      authority: "WORKER",
    });
    expect(await plane.call("GET", "/agents", { key: body.api_key })).toMatchObject({ status: 403 });
  });

  it("have no more authority than their maker", async () => {
    const { body: admin } = await make({ scopes: ["admin"], authority: "MONITOR" });
    const before = await plane.call("GET", "/api-keys");
    expect(await make({ authority: "GUARDIAN" }, admin.api_key)).toMatchObject({
      status: 403,
      body: { code: "auth.authority_too_low" },
    });
    expect((await plane.call("GET", "/api-keys")).body).toEqual(before.body);
    expect(await make({ authority: "MONITOR" }, admin.api_key)).toMatchObject({ status: 201 });
  });

  it("that do not exist are no keys", async () => {
    const { body } = await make({});
    for (const key of [makeApiKey(), `${body.api_key}0`, body.api_key.slice(0, -1), body.key_id])
      expect(await whoami(key)).toMatchObject({ status: 401, body: { code: "auth.invalid" } });
  });

  it("are listed newest first without their secrets", async () => {
    plane.pass(1);
    const { body: first } = await make({ name: "first" });
    plane.pass(1);
    const { body: second } = await make({ name: "second" });
    const { body } = await plane.call("GET", "/api-keys?limit=2");
    expect(body.items).toMatchObject([
      { key_id: second.key_id, name: "second", revoked_at: null },
      { key_id: first.key_id, name: "first" },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/omoi_sk_|sha256/);
    expect(body.next_cursor).toEqual(expect.any(String));
  });

  it("are revoked at once where they are revoked, and elsewhere within five seconds", async () => {
    const { body } = await make({});
    const other = plane.otherAccess();
    const elsewhere = () =>
      other.authenticate(body.api_key, { route: "whoami", path_params: {}, now: plane.clock.now() });
    await elsewhere();
    await whoami(body.api_key);
    const revoked = await plane.call("DELETE", `/api-keys/${body.key_id}`);
    expect(revoked).toMatchObject({ status: 200, body: { revoked_at: "2026-01-05T10:00:00.000Z" } });
    expect(await plane.eventsOf("api_key", body)).toMatchObject([{ type: "access.key_revoked" }]);
    expect(await whoami(body.api_key)).toMatchObject({ status: 401 });
    plane.pass(4_999);
    expect(await elsewhere()).toMatchObject({ kind: "operator" });
    plane.pass(1);
    await expect(elsewhere()).rejects.toMatchObject({ code: "auth.invalid" });
    const again = await plane.call("DELETE", `/api-keys/${body.key_id}`);
    expect(again.body).toEqual(revoked.body);
  });

  it("are missing where the id names none", async () => {
    const { key_id } = fingerprint(makeApiKey());
    expect(await plane.call("DELETE", `/api-keys/${key_id}`)).toMatchObject({
      status: 404,
      body: { code: "api_key.not_found" },
    });
  });
});

describe("the pause", () => {
  it("is seen at once where it is set, and elsewhere within two seconds", async () => {
    const other = plane.otherAccess();
    expect([await plane.access.isPaused(), await other.isPaused()]).toEqual([false, false]);
    const { body } = await plane.call("POST", "/pause", { body: { reason: "release" } });
    expect(body).toEqual({ paused: true, reason: "release", since: new Date(START).toISOString() });
    expect(await plane.eventsOf("pause", {})).toMatchObject([{ type: "plane.paused", data: { reason: "release" } }]);
    expect([await plane.access.isPaused(), await other.isPaused()]).toEqual([true, false]);
    plane.pass(2_000);
    expect(await other.isPaused()).toBe(true);

    plane.pass(1_000);
    const again = await plane.call("POST", "/pause", { body: { reason: "still" } });
    expect(again.body).toEqual({ paused: true, reason: "still", since: new Date(START).toISOString() });
    const resumed = await plane.call("POST", "/resume");
    expect(resumed.body).toEqual({ paused: false, reason: null, since: null });
    expect(await plane.eventsOf("pause", {})).toMatchObject([{ type: "plane.resumed" }]);
    expect(await plane.access.isPaused()).toBe(false);
    await plane.call("POST", "/resume");
    expect(await plane.eventsOf("pause", {})).toEqual([]);
  });

  it("is answered again to the same idempotency key", async () => {
    const call = { body: { reason: "once" }, headers: { "Idempotency-Key": crypto.randomUUID() } };
    const first = await plane.call("POST", "/pause", call);
    const again = await plane.call("POST", "/pause", call);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
  });
});
