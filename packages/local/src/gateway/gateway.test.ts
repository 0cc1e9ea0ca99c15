import { request } from "node:http";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Listener } from "../http.ts";
import { type Handler, type LocalFunction, localFunction } from "../invoke.ts";
import { startGateway } from "./gateway.ts";

let gateway: Listener;
let answer: unknown;
let seen: APIGatewayProxyEventV2 | undefined;
let context: Context | undefined;
let called = "";
const errors: unknown[] = [];

function target(name: "api-agents" | "api-control"): LocalFunction {
  const handler: Handler = async (event, given) => {
    [called, seen, context] = [name, event, given];
    if (answer instanceof Error) throw answer;
    return answer === "forever" ? new Promise(() => undefined) : answer;
  };
  const row = { name, purpose: "", entry: "", memory_mb: 512, timeout_seconds: answer === "forever" ? 0 : 5, may: [] };
  return localFunction(row, handler, { region: "us-east-1", account: "000000000000", settled: () => undefined });
}

beforeAll(async () => {
  const [agents, control] = [target("api-agents"), target("api-control")];
  const late: LocalFunction = { ...control, row: control.row, invoke: (event) => slow.invoke(event) };
  answer = "forever";
  const slow = target("api-control");
  const routes = [
    { route: "$default", target: control },
    { route: "GET /late", target: late },
    { route: "POST /tasks/{task_id}/complete", target: agents },
    { route: "POST /tasks/claim", target: agents },
    { route: "ANY /files/{path+}", target: agents },
  ];
  const reportError = (error: unknown) => errors.push(error);
  gateway = await startGateway({ port: 0, account: "000000000000", routes, reportError });
});

beforeEach(() => {
  answer = { statusCode: 200 };
  seen = undefined;
  errors.length = 0;
});

afterAll(() => gateway.close());

const ask = (path: string, init?: RequestInit) => fetch(`${gateway.url}${path}`, init);
const post = (path: string, body: string | Uint8Array<ArrayBuffer>, type: string) =>
  ask(path, { method: "POST", body, headers: { "content-type": type } });

describe("the gateway", () => {
  it("makes a payload 2.0 event of a request", async () => {
    const headers = { "content-type": "application/json", cookie: "a=1; b=2", "user-agent": "test", "x-list": "1" };
    await ask("/tasks/task%20one/complete?x=1&x=2&y=%20z", { method: "POST", body: '{"ok":"ä"}', headers });
    expect(called).toBe("api-agents");
    expect(seen).toMatchObject({
      version: "2.0",
      routeKey: "POST /tasks/{task_id}/complete",
      rawPath: "/tasks/task%20one/complete",
      rawQueryString: "x=1&x=2&y=%20z",
      queryStringParameters: { x: "1,2", y: " z" },
      pathParameters: { task_id: "task one" },
      cookies: ["a=1", "b=2"],
      body: '{"ok":"ä"}',
      isBase64Encoded: false,
      requestContext: {
        http: {
          method: "POST",
          path: "/tasks/task%20one/complete",
          protocol: "HTTP/1.1",
          sourceIp: "127.0.0.1",
          userAgent: "test",
        },
        routeKey: "POST /tasks/{task_id}/complete",
        stage: "$default",
      },
    });
    expect(seen?.headers["x-list"]).toBe("1");
    expect(seen?.headers.cookie).toBeUndefined();
    expect(seen?.requestContext.time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    expect(context?.getRemainingTimeInMillis()).toBeGreaterThan(0);
    expect(context?.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("leaves out what a request has not", async () => {
    await ask("/elsewhere");
    expect(called).toBe("api-control");
    expect(seen).toMatchObject({ routeKey: "$default", rawQueryString: "", isBase64Encoded: false });
    for (const absent of ["body", "cookies", "queryStringParameters", "pathParameters"])
      expect(seen).not.toHaveProperty(absent);
  });

  it("hands on bytes in base64", async () => {
    const bytes = new Uint8Array([0, 255, 128]);
    await post("/upload", bytes, "application/octet-stream");
    expect(seen?.isBase64Encoded).toBe(true);
    expect(Buffer.from(seen?.body ?? "", "base64")).toEqual(Buffer.from(bytes));
  });

  it.each([
    ["POST", "/tasks/claim", "POST /tasks/claim"],
    ["GET", "/tasks/claim", "$default"],
    ["POST", "/tasks/claim/", "$default"],
    ["POST", "/tasks//complete", "$default"],
    ["DELETE", "/files/a/b%20c", "ANY /files/{path+}"],
  ])("routes %s %s to %s", async (method, path, route) => {
    await ask(path, { method });
    expect(seen?.routeKey).toBe(route);
  });

  it("gives a greedy parameter the rest of the path", async () => {
    await ask("/files/a/b%20c");
    expect(seen?.pathParameters).toEqual({ path: "a/b c" });
  });

  it("writes the handler's answer", async () => {
    const headers = { "content-type": "application/problem+json", etag: '"1"' };
    answer = { statusCode: 409, headers, cookies: ["a=1", "b=2"], body: '{"title":"ä"}' };
    const response = await ask("/x");
    expect(response.status).toBe(409);
    expect(response.headers.get("etag")).toBe('"1"');
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(await response.json()).toEqual({ title: "ä" });
  });

  it("writes bytes, no body, and any other value", async () => {
    answer = { statusCode: 200, headers: { "content-type": "image/png" }, body: "AP+A", isBase64Encoded: true };
    expect(new Uint8Array(await (await ask("/x")).arrayBuffer())).toEqual(new Uint8Array([0, 255, 128]));
    answer = { statusCode: 204 };
    const empty = await ask("/x");
    expect([empty.status, await empty.text()]).toEqual([204, ""]);
    answer = { free: "form" };
    expect(await (await ask("/x")).json()).toEqual({ free: "form" });
  });

  it.each([
    ["a throw", new Error("secret")],
    ["no status", { statusCode: "many" }],
    ["more than Lambda gives back", { statusCode: 200, body: '"'.repeat(3 * 1024 * 1024) }],
  ])("answers 500 to %s", async (_, given) => {
    answer = given;
    const response = await ask("/x");
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: "Internal Server Error" });
    expect(errors).toHaveLength(1);
  });

  it("answers 503 when the function takes too long", async () => {
    answer = "forever";
    const response = await ask("/late");
    expect([response.status, await response.json()]).toEqual([503, { message: "Service Unavailable" }]);
  });

  it("takes 6 MB and no more, also from a client that sends on", async () => {
    const limit = 6 * 1024 * 1024;
    expect((await post("/x", "a".repeat(limit), "text/plain")).status).toBe(200);
    expect(seen?.body).toHaveLength(limit);
    seen = undefined;
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request(`${gateway.url}/x`, { method: "POST" }, (response) => resolve(response.resume().statusCode));
      sent.once("error", reject);
      sent.write(Buffer.alloc(limit + 1));
      sent.end(Buffer.alloc(limit));
    });
    expect(status).toBe(413);
    expect(seen).toBeUndefined();
  });
});
