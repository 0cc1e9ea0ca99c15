import { describe, expect, it } from "vitest";
import { issuerOf, oidcPrincipal, scopesIn } from "./oidc.ts";

it.each([
  ["words", "openid tasks:read tasks:write", ["tasks:read", "tasks:write"]],
  ["a list", ["admin", "profile"], ["admin"]],
  ["a list with odd members", [{ admin: true }, 7, "tickets:read"], ["tickets:read"]],
  ["a part of a word", "not-admin administrator", []],
  ["nothing", undefined, []],
  ["a map", { admin: true }, []],
])("scopes are found in %s", (_in, claim, scopes) => {
  expect(scopesIn(claim)).toEqual(scopes);
});

describe("the principal of a token", () => {
  const named = (issuer: string, subject: string) =>
    oidcPrincipal({ issuer, subject, scopes: ["admin"], authority: "WORKER", claimed: { authority: "SYSTEM" } });

  it("has no more authority than its issuer was given, whatever the token says", () => {
    expect(named("https://a.test", "ann")).toMatchObject({
      kind: "operator",
      scopes: ["admin"],
      actor: { kind: "operator", id: expect.stringMatching(/^oidc_[0-9a-f]{16}_ann$/), authority: "WORKER" },
    });
  });

  it("is another one for each issuer and subject, and its name is short", () => {
    const ids = [
      named("https://a.test", "ann"),
      named("https://b.test", "ann"),
      named("https://a.test", "ann\nx"),
      named("https://a.test", `ann${"x".repeat(200)}`),
      named("https://a.test", `ann${"x".repeat(201)}`),
    ].map(({ actor }) => actor.id);
    expect(new Set(ids).size).toBe(5);
    expect(Math.max(...ids.map(({ length }) => length))).toBeLessThanOrEqual(62);
  });
});

it.each(["", "omoi_sk_x", "a.b.c", `x.${btoa("{}")}.y`])("%j is of no issuer", (bearer) => {
  expect(issuerOf(bearer)).toBeUndefined();
});
