import type { Scope } from "@omoios/contracts/shapes/access";
import type { Actor, AuthorityName } from "@omoios/kernel/principal";
import { describe, expect, it } from "vitest";
import { fingerprint, keyKind, makeKey, makeRegistrationKey, revokeKey } from "./api-key.ts";

const KEY = `omoi_sk_${"a1".repeat(16)}`;
const maker = (authority: AuthorityName, ...scopes: Scope[]) => ({
  actor: { kind: "operator", id: "key_maker", authority } satisfies Actor,
  scopes,
});

describe("making a key", () => {
  it.each<{ rule: string; by: ReturnType<typeof maker>; scopes: Scope[]; authority?: AuthorityName; code?: string }>([
    { rule: "admin gives any scope", by: maker("WORKER", "admin"), scopes: ["admin", "tasks:write"] },
    {
      rule: "one's own scopes may be given",
      by: maker("WORKER", "tasks:write"),
      scopes: ["tasks:read", "tasks:write"],
    },
    { rule: "more may not", by: maker("SYSTEM", "tasks:read"), scopes: ["tasks:write"], code: "auth.forbidden" },
    { rule: "nor another area's", by: maker("SYSTEM", "tasks:write"), scopes: ["admin"], code: "auth.forbidden" },
    {
      rule: "one's own authority may be given",
      by: maker("MONITOR", "admin"),
      scopes: ["admin"],
      authority: "MONITOR",
    },
    {
      rule: "more may not",
      by: maker("MONITOR", "admin"),
      scopes: ["admin"],
      authority: "GUARDIAN",
      code: "auth.authority_too_low",
    },
  ])("$rule", ({ by, scopes, authority, code }) => {
    const outcome = makeKey(KEY, { name: "ci", scopes, authority }, by, 5);
    if (code !== undefined) expect(outcome).toMatchObject({ accepted: false, problem: { code } });
    else {
      const row = {
        ...fingerprint(KEY),
        name: "ci",
        scopes,
        authority: authority ?? "WORKER",
        created_by: "key_maker",
      };
      expect(outcome).toEqual({ accepted: true, value: { version: 0, created_at: 5, ...row } });
    }
  });

  it("stores the SHA-256 alone", () => {
    expect(fingerprint("abc").sha256).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});

it("a key is revoked once", () => {
  const made = makeKey(KEY, { name: "ci", scopes: ["tasks:read"] }, maker("WORKER", "admin"), 5);
  if (!made.accepted) throw made.problem;
  expect(revokeKey(made.value, 9)).toMatchObject({
    after: { revoked_at: 9 },
    events: [{ type: "access.key_revoked" }],
  });
  expect(revokeKey({ ...made.value, revoked_at: 7 }, 9)).toBeUndefined();
});

it.each([
  [KEY, "operator"],
  [`omoi_rk_${"a1".repeat(16)}`, "registration"],
  ["omoi_sk_short", undefined],
  [`${KEY}-`, undefined],
  [`omoi_xk_${"a1".repeat(16)}`, undefined],
  [` ${KEY}`, undefined],
])("%j has the shape of a key: %s", (text, expected) => {
  expect(keyKind(text)).toBe(expected);
});

it("a registration key has no scope and the least authority, and must have time left", () => {
  const make = (expires_at: number) =>
    makeRegistrationKey(KEY, { name: "fleet", uses: 3, expires_at }, maker("SYSTEM", "admin").actor, 5);
  expect(make(6)).toMatchObject({
    accepted: true,
    value: { scopes: [], authority: "WORKER", registration: { uses: 3, expires_at: 6 }, created_by: "key_maker" },
  });
  expect(make(5)).toMatchObject({ accepted: false, problem: { errors: [{ path: "/expires_at" }] } });
});
