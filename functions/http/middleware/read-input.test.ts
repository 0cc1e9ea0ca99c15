import { MAX_BODY_BYTES } from "@omoios/contracts/routes/route";
import { describe, expect, it } from "vitest";
import { echoApi } from "../../../tests/harness/echo-api.ts";
import { AGENT_ID, TASK_ID, TICKET_ID } from "../../../tests/harness/echo-parts.ts";

const { call } = echoApi();
const key = "operator";
const post = (body: unknown, headers = {}) => call("POST", "/tickets", { key, body, headers });

describe("a body", () => {
  it("reaches the verb as its schema made it, whatever its content type", async () => {
    const { body } = await post({ title: " a " }, { "content-type": "text/plain" });
    expect(body.input.body).toEqual({ title: "a" });
  });

  it.each(["{", "", "'a'", "{}{}", "NaN", "[1,]"])("that is no JSON is 400: %j", async (body) => {
    const answer = await post(body);
    expect([answer.status, answer.body.code]).toEqual([400, "request.bad_json"]);
  });

  it.each(["null", "5", '"a"', "[]", "true"])("that is no object is 422: %s", async (body) => {
    const answer = await post(body);
    expect([answer.status, answer.body.errors[0].path]).toEqual([422, ""]);
  });

  it("may be empty where nothing is required", async () => {
    expect((await call("DELETE", `/agents/${AGENT_ID}`, { key })).status).toBe(200);
    expect((await call("POST", "/tasks/claim", { key: "agent" })).body.input.body).toEqual({});
    expect((await call("POST", `/tickets/${TICKET_ID}/gate/validate`, { key })).status).toBe(200);
  });

  it("has no unknown members, not even where the row knows none at all", async () => {
    expect((await post({ title: "a", tilte: "b" })).body.errors).toEqual([
      { path: "/tilte", message: expect.any(String) },
    ]);
    expect((await post('{"title":"a","__proto__":{"admin":true}}')).body.errors[0].path).toBe("/__proto__");
    const validate = await call("POST", `/tickets/${TICKET_ID}/gate/validate`, { key, body: { force: true } });
    expect([validate.status, validate.body.errors[0].path]).toEqual([422, "/force"]);
  });

  it("is taken up to the row's size, and is 413 above it", async () => {
    const full = JSON.stringify({ reason: "" }).padEnd(MAX_BODY_BYTES);
    const path = `/tickets/${TICKET_ID}/block`;
    expect((await call("POST", path, { key, body: full })).status).toBe(422);
    const over = await call("POST", path, { key, body: `${full} ` });
    expect([over.status, over.body.code, over.body.max_body_bytes]).toEqual([413, "request.too_large", MAX_BODY_BYTES]);
    expect((await call("POST", path, { key, body: "{}", headers: { "content-length": "9999999" } })).status).toBe(413);
    expect((await call("POST", `/tasks/${TASK_ID}/complete`, { key: "agent", body: `${full} ` })).status).toBe(422);
  });
});

describe("a query", () => {
  const list = (query: string) => call("GET", `/tickets?${query}`, { key });

  it("reaches the verb as its schema made it", async () => {
    expect((await list("limit=500&blocked=true")).body.input.query).toEqual({ limit: 100, blocked: true });
  });

  it.each([
    ["limit=x", "limit"],
    ["limit=0", "limit"],
    ["limit=1&limit=2", "limit"],
    ["colour=red", "colour"],
    ["__proto__=1", "__proto__"],
    ["priority=high", "priority"],
  ])("names the faulty parameter of %s", async (query, name) => {
    const answer = await list(query);
    expect([answer.status, answer.body.errors.map((fault: { path: string }) => fault.path)]).toEqual([422, [name]]);
  });

  it("is judged where the row knows none", async () => {
    expect((await call("GET", "/whoami?verbose=1", { key })).body.errors[0].path).toBe("verbose");
  });
});

describe("If-Match", () => {
  const patch = (headers: Record<string, string>) => call("PATCH", `/tickets/${TICKET_ID}`, { key, body: {}, headers });

  it("reaches the verb as a version, and the answer's version stands as ETag", async () => {
    const answer = await patch({ "if-match": '"3"' });
    expect(answer.body.ctx.if_match).toBe(3);
    expect(answer.headers.get("etag")).toBe('"7"');
  });

  it("that names no version of ours is 412", async () => {
    expect((await patch({ "if-match": '"other"' })).body.code).toBe("request.precondition_failed");
  });
});

describe("an id that names nothing", () => {
  const asked: string[] = [];
  const missing = echoApi({ exists: async (_ctx, kind, id) => asked.push(`${kind} ${id}`) < 0 });

  it.each([
    ["bad JSON", "{"],
    ["a faulty body", "{}"],
    ["too large a body", " ".repeat(MAX_BODY_BYTES + 1)],
  ])("is 404 in spite of %s", async (_what, body) => {
    const answer = await missing.call("POST", `/tickets/${TICKET_ID}/block`, { key, body });
    expect([answer.status, answer.body.code]).toEqual([404, "ticket.not_found"]);
    expect(asked).toContain(`ticket ${TICKET_ID}`);
  });

  it("is not looked for when the input is right: that is the verb's to say", async () => {
    asked.length = 0;
    await missing.call("POST", `/tickets/${TICKET_ID}/block`, { key, body: { reason: "x" } });
    expect(asked).toEqual([]);
  });
});
