import type { AuthorityName } from "@omoios/kernel/principal";
import * as z from "zod";

/** Plain HTTP is for an issuer on this machine alone. */
const ISSUER = /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?(\/|$))/;

/** The levels once more: `sst.config.ts` loads this file, and can load no workspace package. */
const AUTHORITIES = {
  WORKER: "WORKER",
  WATCHDOG: "WATCHDOG",
  MONITOR: "MONITOR",
  GUARDIAN: "GUARDIAN",
  SYSTEM: "SYSTEM",
} as const satisfies { readonly [N in AuthorityName]: N };

/** An issuer whose tokens the stage takes from people and services. */
export const oidcIssuer = z.strictObject({
  /** As its tokens name it (`iss`), and where its `/.well-known/openid-configuration` is. */
  issuer: z.url().regex(ISSUER, "must be https, or http on this machine"),
  /** What its tokens must be for (`aud`). */
  audience: z.string().min(1).max(200),
  /** The claim that lists scopes of the plane, as a list or as words. */
  scopes_claim: z.string().min(1).max(100).default("scope"),
  /** What its principals may act with; the most that they may, where a claim says it. */
  authority: z.enum(AUTHORITIES).default("WORKER"),
  /** The claim that names a principal's authority. Without it in the token, or with a word that is none, it is WORKER. */
  authority_claim: z.string().min(1).max(100).optional(),
});
export type OidcIssuer = z.infer<typeof oidcIssuer>;

export const oidcIssuers = z
  .array(oidcIssuer)
  .max(10)
  .refine((rows) => new Set(rows.map(({ issuer }) => issuer)).size === rows.length, "names an issuer twice");
