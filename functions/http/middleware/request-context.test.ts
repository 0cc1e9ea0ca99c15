import { describe, expect, it } from "vitest";
import { echoApi } from "../../../tests/harness/echo-api.ts";

const { call } = echoApi();

describe("requestContext", () => {
  it("echoes a well-formed request id and joins events under it", async () => {
    const answer = await call("GET", "/whoami", { key: "operator", headers: { "x-request-id": "abc-1" } });
    expect(answer.headers.get("x-request-id")).toBe("abc-1");
    expect(answer.body.ctx).toMatchObject({ request_id: "abc-1", correlation_id: "abc-1" });
  });

  it.each(["", "a b", "a\tb", "x".repeat(129), "<script>"])("makes an id of its own instead of %j", async (id) => {
    const answer = await call("GET", "/whoami", { key: "operator", headers: { "x-request-id": id } });
    expect(answer.headers.get("x-request-id")).toMatch(/^req_[0-9a-z]{20}$/);
    expect(answer.body.ctx.correlation_id).toBe(answer.headers.get("x-request-id"));
  });

  it("takes the caller's correlation id, and keeps it short enough for an event", async () => {
    const given = await call("GET", "/whoami", { key: "operator", headers: { "x-correlation-id": "deploy/7" } });
    expect(given.body.ctx.correlation_id).toBe("deploy/7");
    const long = await call("GET", "/whoami", { key: "operator", headers: { "x-request-id": "x".repeat(100) } });
    expect(long.headers.get("x-request-id")).toHaveLength(100);
    expect(long.body.ctx.correlation_id.length).toBeLessThanOrEqual(64);
  });

  it("continues the caller's trace", async () => {
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const answer = await call("GET", "/whoami", { key: "operator", headers: { traceparent } });
    expect(answer.body.ctx.traceparent).toMatch(
      /^00-4bf92f3577b34da6a3ce929d0e0e4736-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$/,
    );
  });
});
