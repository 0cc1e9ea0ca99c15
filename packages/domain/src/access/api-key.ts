import { createHash } from "node:crypto";
import type { KeyKind, Scope } from "@omoios/contracts/shapes/access";
import type { Instant } from "@omoios/kernel/clock";
import { derivedId } from "@omoios/kernel/ids";
import { accepted, type Outcome, refused } from "@omoios/kernel/outcome";
import { type Actor, type AuthorityName, hasAuthority } from "@omoios/kernel/principal";
import type { Change } from "../commit.ts";
import type { ApiKeyRow } from "./model.ts";
import { allows } from "./principal.ts";

const SHAPE = /^omoi_(sk|rk)_[0-9A-Za-z]{32,200}$/;

/** The kind of key whose shape the text has. */
export function keyKind(text: string): KeyKind | undefined {
  const [, mark] = SHAPE.exec(text) ?? [];
  if (mark === undefined) return undefined;
  return mark === "sk" ? "operator" : "registration";
}

/** What a key is stored as, and the id that follows from it. */
export function fingerprint(api_key: string): Pick<ApiKeyRow, "key_id" | "sha256"> {
  const digest = createHash("sha256").update(api_key).digest();
  return { key_id: derivedId("apiKey", digest), sha256: digest.toString("hex") };
}

interface Wanted {
  name: string;
  scopes: Scope[];
  authority?: AuthorityName | undefined;
}

/** The row of a new key. Neither its scopes nor its authority may go beyond those of its maker; WORKER unless asked for. */
export function makeKey(
  api_key: string,
  { name, scopes, authority = "WORKER" }: Wanted,
  maker: { actor: Actor; scopes: readonly Scope[] },
  now: Instant,
): Outcome<ApiKeyRow> {
  const beyond = scopes.filter((scope) => !allows(maker.scopes, scope));
  if (beyond.length > 0) {
    return refused("auth.forbidden", { detail: `Your key lacks what the new one asks for: ${beyond.join(", ")}.` });
  }
  if (!hasAuthority(maker.actor, authority)) {
    return refused("auth.authority_too_low", {
      detail: `A key with ${authority} is made by one with ${authority} or more; yours has ${maker.actor.authority}.`,
    });
  }
  return accepted({
    version: 0,
    ...fingerprint(api_key),
    name,
    scopes,
    authority,
    created_at: now,
    created_by: maker.actor.id,
  });
}

/** The row of a new registration key. It has the least authority, and no scope. */
export function makeRegistrationKey(
  api_key: string,
  { name, uses, expires_at }: { name: string; uses: number; expires_at: Instant },
  maker: Actor,
  now: Instant,
): Outcome<ApiKeyRow> {
  if (expires_at <= now) {
    return refused("request.invalid", { errors: [{ path: "/expires_at", message: "must be in the future" }] });
  }
  return accepted({
    version: 0,
    ...fingerprint(api_key),
    name,
    scopes: [],
    authority: "WORKER",
    registration: { uses, expires_at },
    created_at: now,
    created_by: maker.id,
  });
}

/** Revoking a key twice changes nothing. */
export function revokeKey(key: ApiKeyRow, now: Instant): Change | undefined {
  if (key.revoked_at !== undefined) return undefined;
  return {
    kind: "api_key",
    before: key,
    after: { ...key, revoked_at: now },
    events: [{ type: "access.key_revoked" }],
  };
}
