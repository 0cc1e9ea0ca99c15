import { Problem } from "@omoios/kernel/problem";
import { describe, expect, it } from "vitest";
import { type EchoApi, echoApi } from "../../../tests/harness/echo-api.ts";
import { TICKET_ID } from "../../../tests/harness/echo-parts.ts";

const post = (api: EchoApi, body: unknown, key = "k1", principal = "operator") =>
  api.call("POST", "/tickets", { key: principal, body, headers: { "idempotency-key": key } });

describe("idempotency", () => {
  it("runs once, and answers again what the first call made with the same status", async () => {
    const api = echoApi();
    const first = await post(api, { title: "a", priority: "LOW" });
    const again = await post(api, '{ "priority": "LOW", "title": "a" }');
    expect([first.status, first.headers.get("idempotency-replayed")]).toEqual([201, null]);
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
    expect(again.body).toEqual({ route: "createTicket", replayed: "made-1" });
    expect(api.parts.calls).toHaveLength(1);
  });

  it("refuses the key for another body, query or path", async () => {
    const api = echoApi();
    await post(api, { title: "a" });
    expect((await post(api, { title: "b" })).body.code).toBe("idempotency.key_reused");
    const headers = { "idempotency-key": "k1" };
    const other = await api.call("POST", `/tickets/${TICKET_ID}/cancel`, {
      key: "operator",
      body: { reason: "x" },
      headers,
    });
    expect([other.status, other.body.code]).toEqual([409, "idempotency.key_reused"]);
  });

  it("knows keys by their principal", async () => {
    const api = echoApi();
    await post(api, { title: "a" }, "k1", "operator");
    expect((await post(api, { title: "b" }, "k1", "tickets:write")).status).toBe(201);
  });

  it("answers 409 while the first call runs, and says when to ask again", async () => {
    const api = echoApi();
    api.parts.failing.with = Object.assign(new Error("no answer"), { name: "TimeoutError" });
    expect((await post(api, { title: "a" })).status).toBe(503);
    api.parts.failing.with = undefined;
    const again = await post(api, { title: "a" });
    expect([again.body.code, again.body.retry_after_ms, again.headers.get("retry-after")]).toEqual([
      "idempotency.in_progress",
      1_500,
      "2",
    ]);
  });

  it.each([
    ["a refusal", new Problem("ticket.workflow_unknown")],
    ["a request that a busy table refused", Object.assign(new Error("slow"), { name: "ThrottlingException" })],
    ["a fault of our own", new TypeError("oops")],
  ])("forgets the key after %s", async (_what, error) => {
    const api = echoApi();
    api.parts.failing.with = error;
    expect((await post(api, { title: "a" })).status).toBeGreaterThanOrEqual(400);
    api.parts.failing.with = undefined;
    expect((await post(api, { title: "a" })).status).toBe(201);
  });

  it("lets the refusal stand where the key cannot be forgotten", async () => {
    const api = echoApi();
    api.parts.idempotency.abandon = () => Promise.reject(new Error("gone"));
    api.parts.failing.with = new Problem("ticket.workflow_unknown");
    expect((await post(api, { title: "a" })).body.code).toBe("ticket.workflow_unknown");
    expect(api.parts.logged).toHaveLength(1);
  });

  it("never repeats a secret, and names what was made", async () => {
    const api = echoApi();
    const make = () =>
      api.call("POST", "/api-keys", {
        key: "operator",
        body: { name: "ci", scopes: ["admin"] },
        headers: { "idempotency-key": "k" },
      });
    expect((await make()).status).toBe(201);
    expect((await make()).body).toMatchObject({ status: 409, code: "idempotency.secret_gone", id: "made-1" });
  });

  it.each(["", "a b", "é", "x".repeat(201)])("refuses the key %j", async (key) => {
    const answer = await post(echoApi(), { title: "a" }, key);
    expect([answer.status, answer.body.errors[0].path]).toEqual([422, "Idempotency-Key"]);
  });

  it("runs once what an agent sends to a row that is for others too", async () => {
    const api = echoApi();
    const make = () =>
      api.call("POST", `/tickets/${TICKET_ID}/tasks`, {
        key: "agent",
        body: { tasks: [{ title: "a" }] },
        headers: { "idempotency-key": "k" },
      });
    expect((await make()).status).toBe(201);
    expect((await make()).body).toEqual({ route: "createTasks", replayed: "made-1" });
  });

  it("keeps the answer where the row says so, and tells it again", async () => {
    const api = echoApi();
    const send = (value: number) =>
      api.call("POST", "/monitor/samples", {
        key: "operator",
        body: { samples: [{ metric_name: "tasks_queued_total", value }] },
        headers: { "idempotency-key": "k" },
      });
    const first = await send(1);
    const again = await send(1);
    expect([first.status, first.headers.get("idempotency-replayed")]).toEqual([202, null]);
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([202, "true"]);
    expect(again.body).toEqual(first.body);
    expect(api.parts.calls).toHaveLength(1);
    expect((await send(2)).body.code).toBe("idempotency.key_reused");
  });

  it("lets the answer stand where it cannot be kept", async () => {
    const api = echoApi();
    api.parts.idempotency.keep = () => Promise.reject(new Error("gone"));
    const { status } = await api.call("POST", "/monitor/samples", {
      key: "operator",
      body: { samples: [{ metric_name: "tasks_queued_total", value: 1 }] },
      headers: { "idempotency-key": "k" },
    });
    expect([status, api.parts.logged.length]).toEqual([202, 1]);
  });

  it("passes a claim's key through to its verb", async () => {
    const api = echoApi();
    const claim = () =>
      api.call("POST", "/tasks/claim", { key: "agent", body: {}, headers: { "idempotency-key": "claim-1" } });
    expect((await claim()).body.ctx.idempotency_key).toBe("claim-1");
    await claim();
    expect(api.parts.calls).toHaveLength(2);
  });
});
