import { describe, expect, it } from "vitest";
import { echoApi } from "../../../tests/harness/echo-api.ts";

const { call, root } = echoApi();

describe("securityHeaders", () => {
  it.each([
    ["an answer", () => call("GET", "/whoami", { key: "operator" })],
    ["a refusal", () => call("GET", "/whoami")],
    ["an unknown route", () => root("GET", "/nothing")],
  ])("stand on %s", async (_what, ask) => {
    const { headers } = await ask();
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("strict-transport-security")).toMatch(/^max-age=\d{8}/);
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it.each(["GET", "OPTIONS"])("let no other origin read what a %s is answered", async (method) => {
    const headers = { Origin: "https://elsewhere.example", "Access-Control-Request-Method": "GET" };
    const answer = await call(method, "/whoami", { key: "operator", headers });
    expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
  });
});
