import { describe, expect, it } from "vitest";
import { echoApi } from "../../../tests/harness/echo-api.ts";
import { AGENT_ID, OTHER_AGENT_ID, TASK_ID, TICKET_ID } from "../../../tests/harness/echo-parts.ts";

const { call } = echoApi();

describe("authenticate", () => {
  it.each([
    ["no header", {}, "auth.missing", "Bearer"],
    ["another scheme", { authorization: "Basic b3A6b3A=" }, "auth.missing", "Bearer"],
    ["an empty bearer", { authorization: "Bearer " }, "auth.missing", "Bearer"],
    ["an unknown key", { authorization: "Bearer nobody" }, "auth.invalid", 'Bearer error="invalid_token"'],
  ])("answers 401 to %s", async (_what, headers, code, challenge) => {
    const answer = await call("GET", "/whoami", { headers });
    expect([answer.status, answer.body.code, answer.headers.get("www-authenticate")]).toEqual([401, code, challenge]);
  });

  it("asks for nobody where the row names nobody", async () => {
    expect((await call("GET", "/health")).status).toBe(200);
    expect((await call("POST", `/agents/${AGENT_ID}/token`, { body: { assertion: "x" } })).status).toBe(200);
  });

  it("comes before everything else", async () => {
    expect((await call("POST", "/tickets/nothing/block", { body: "{" })).status).toBe(401);
  });
});

describe("authorize", () => {
  it("names the scope that a key lacks", async () => {
    const answer = await call("POST", "/tickets", { key: "tickets:read,tasks:write", body: { title: "x" } });
    expect([answer.status, answer.body.code, answer.body.scope]).toEqual([403, "auth.forbidden", "tickets:write"]);
  });

  it("says which principal a route wants, and who has come", async () => {
    const claims = await call("POST", "/tasks/claim", { key: "operator", body: {} });
    expect(claims.body).toMatchObject({
      code: "auth.forbidden",
      principals: ["agent"],
      detail: "This route takes an agent's access token, and this is an operator's key.",
    });
    expect(claims.body.remedy).toContain("POST /agents/{agent_id}/token");
    const opens = await call("POST", "/tickets", { key: "agent", body: { title: "x" } });
    expect(opens.body).toMatchObject({
      principals: ["operator"],
      detail: "This route takes an operator's key, and this is an agent's access token.",
    });
    expect(opens.body.remedy).toMatch(/^Send an operator's key/);
    expect(opens.body).not.toHaveProperty("scope");
    const scope = await call("POST", "/tickets", { key: "tickets:read", body: { title: "x" } });
    expect(scope.body.remedy).toMatch(/^Use a key with the scope tickets:write/);
  });

  it.each(["tickets:write", "admin"])("lets a key with %s write tickets", async (key) => {
    expect((await call("POST", "/tickets", { key, body: { title: "x" } })).status).toBe(201);
  });

  it("keeps operators from agents' routes, and agents from operators'", async () => {
    expect((await call("POST", "/tasks/claim", { key: "operator", body: {} })).status).toBe(403);
    expect((await call("POST", "/tickets", { key: "agent", body: { title: "x" } })).status).toBe(403);
    expect((await call("POST", "/tasks/claim", { key: "agent", body: {} })).status).toBe(200);
  });

  it("lets an agent act in its own path only, and does not tell which others exist", async () => {
    expect((await call("GET", `/agents/${AGENT_ID}`, { key: "agent" })).status).toBe(200);
    for (const other of [OTHER_AGENT_ID, "agent_none", "%F0"]) {
      expect((await call("GET", `/agents/${other}`, { key: "agent" })).status).toBe(403);
    }
  });

  it("comes before what is missing, and what is missing before a faulty body", async () => {
    expect((await call("POST", "/tickets/nothing/block", { key: "tickets:read", body: "{" })).status).toBe(403);
    const missing = await call("POST", "/tickets/nothing/block", { key: "operator", body: "{" });
    expect([missing.status, missing.body.code]).toEqual([404, "ticket.not_found"]);
  });
});

describe("pathIds", () => {
  it.each(["x", TASK_ID, "..%2f..%2fetc", "%00", "😀", `${TICKET_ID}1`])(
    "takes %j for a missing ticket",
    async (id) => {
      const answer = await call("GET", `/tickets/${encodeURI(id)}`, { key: "operator" });
      expect([answer.status, answer.body.code]).toEqual([404, "ticket.not_found"]);
    },
  );
});
