import { createHash } from "node:crypto";
import { SCOPES, type Scope } from "@omoios/contracts/shapes/access";
import type { Instant } from "@omoios/kernel/clock";
import { AUTHORITY, type AuthorityName } from "@omoios/kernel/principal";
import { decodeJwt } from "jose";
import type { Principal } from "./principal.ts";

/** A token of an issuer of the stage, once signature, audience and times are good. */
export interface OidcToken {
  issuer: string;
  subject: string;
  /** What the issuer's scopes claim holds. */
  scopes: unknown;
  /** The most that the stage lets the issuer's principals act with. */
  authority: AuthorityName;
  /** What the issuer's authority claim holds; absent where the stage names none, and all of its principals act alike. */
  claimed?: { authority: unknown };
}

/** The issuers that the stage takes tokens from. */
export interface OidcIssuers {
  knows(issuer: string): boolean;
  /** Throws `auth.invalid`, or `plane.unavailable` where the issuer's keys cannot be read. */
  verify(token: string, issuer: string, now: Instant): Promise<OidcToken>;
}

/** So much of a subject is in the principal's name, which rides in every event. */
const SUBJECT_LETTERS = 40;

/** The issuer that a bearer says it is of. Nothing is proven by that: its key must have signed it. */
export function issuerOf(bearer: string): string | undefined {
  try {
    return decodeJwt(bearer).iss;
  } catch {
    // No JWT, whatever else it may be: then it is of no issuer.
    return undefined;
  }
}

/** Who holds the token: with the scopes of the plane that it lists, and an authority that no claim raises above what the stage has configured. */
export function oidcPrincipal(token: OidcToken): Principal {
  const { issuer, subject, scopes } = token;
  const digest = createHash("sha256").update(`${issuer}\n${subject}`).digest("hex").slice(0, 16);
  const name = subject.replaceAll(/[^\w.@-]/g, "_").slice(0, SUBJECT_LETTERS);
  return {
    kind: "operator",
    scopes: scopesIn(scopes),
    actor: { kind: "operator", id: `oidc_${digest}_${name}`, authority: authorityOf(token) },
  };
}

function authorityOf({ authority, claimed }: OidcToken): AuthorityName {
  if (claimed === undefined) return authority;
  const named = claimed.authority;
  if (typeof named !== "string" || !isAuthority(named)) return "WORKER";
  return AUTHORITY[named] > AUTHORITY[authority] ? authority : named;
}

function isAuthority(word: string): word is AuthorityName {
  return Object.hasOwn(AUTHORITY, word);
}

/** Scopes of the plane in a claim: a list, or words with spaces between. Others are the business of others. */
export function scopesIn(claim: unknown): Scope[] {
  const words: unknown[] = typeof claim === "string" ? claim.split(" ") : Array.isArray(claim) ? claim : [];
  return SCOPES.filter((scope) => words.includes(scope));
}
