import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { echoParts } from "../../tests/harness/echo-parts.ts";
import { createApi } from "./create-api.ts";
import { lambdaHandler } from "./lambda.ts";

const parts = echoParts();
const handler = lambdaHandler(createApi(parts));

function event(method: string, rawPath: string, more: Partial<APIGatewayProxyEventV2> = {}): APIGatewayProxyEventV2 {
  const http = { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "203.0.113.1", userAgent: "test" };
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath,
    rawQueryString: "",
    headers: { authorization: "Bearer operator" },
    requestContext: { http } as APIGatewayProxyEventV2["requestContext"],
    isBase64Encoded: false,
    ...more,
  };
}

describe("lambdaHandler", () => {
  it("gives method, path, query and headers to the API and answers as payload 2.0 asks", async () => {
    const answer = await handler(event("GET", "/api/v1/tickets", { rawQueryString: "label=a%20b&limit=2" }));
    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: false });
    expect(answer.headers).toMatchObject({ "content-type": "application/json" });
    expect(JSON.parse(answer.body ?? "")).toMatchObject({ input: { query: { label: "a b", limit: 2 } } });
  });

  it.each([
    ["as text", '{"title":"Grüße 😀"}', false],
    ["in base 64", Buffer.from('{"title":"Grüße 😀"}').toString("base64"), true],
  ])("reads a body %s", async (_how, body, isBase64Encoded) => {
    const answer = await handler(event("POST", "/api/v1/tickets", { body, isBase64Encoded }));
    expect(JSON.parse(answer.body ?? "")).toMatchObject({ input: { body: { title: "Grüße 😀" } } });
  });

  it("answers 400 for bytes that are no UTF-8", async () => {
    const body = Buffer.from([0x22, 0xff, 0x22]).toString("base64");
    const answer = await handler(event("POST", "/api/v1/tickets", { body, isBase64Encoded: true }));
    expect(JSON.parse(answer.body ?? "")).toMatchObject({ code: "request.bad_json" });
  });

  it.each([
    "/api/v1/tickets/a?b",
    "/api/v1/tickets/a#b",
    "/api/v1/tickets/%",
    "/api/v1/tickets/\u0000😀",
    "/api/v1/tickets/\\",
  ])("answers a problem for the odd path %j", async (path) => {
    const answer = await handler(event("GET", path));
    expect(answer.statusCode).toBe(404);
    expect(JSON.parse(answer.body ?? "")).toMatchObject({ status: 404 });
  });

  it("leaves a body out where HTTP knows none, and treats a header that cannot be as a wrong one", async () => {
    expect((await handler(event("GET", "/api/v1/health", { body: "{}" }))).statusCode).toBe(200);
    const odd = await handler(event("GET", "/api/v1/health", { headers: { "x-request-id": "ключ" } }));
    expect(odd.headers?.["x-request-id"]).toMatch(/^req_/);
  });
});
