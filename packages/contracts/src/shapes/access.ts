import { once } from "@omoios/kernel/once";
import { AUTHORITY, type AuthorityName } from "@omoios/kernel/principal";
import * as z from "zod";
import { time } from "./common.ts";

export const SCOPES = [
  "tickets:read",
  "tickets:write",
  "tasks:read",
  "tasks:write",
  "agents:read",
  "agents:write",
  "alerts:read",
  "alerts:write",
  "guardian:read",
  "guardian:act",
  "admin",
] as const;
export type Scope = (typeof SCOPES)[number];

export const authority = z.enum(Object.keys(AUTHORITY) as [AuthorityName, ...AuthorityName[]]);

export const KEY_KINDS = ["operator", "registration"] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** What a key of each kind must say, and what says nothing for the other. */
const OWN_MEMBERS = { operator: ["scopes"], registration: ["uses", "expires_at"] } as const;
const FOREIGN_MEMBERS = { operator: ["uses", "expires_at"], registration: ["scopes", "authority"] } as const;

/** An operator's key has scopes; a registration key may only register agents, so often and so long. */
export const createApiKey = once(() =>
  z
    .strictObject({
      kind: z.enum(KEY_KINDS).default("operator"),
      name: z.string().trim().min(1).max(100),
      scopes: z
        .array(z.enum(SCOPES))
        .min(1)
        .overwrite((list) => [...new Set(list)].sort())
        .optional(),
      authority: authority.optional(),
      uses: z.int().min(1).max(100_000).optional(),
      expires_at: time.optional(),
    })
    .superRefine((key, ctx) => {
      for (const name of OWN_MEMBERS[key.kind])
        if (key[name] === undefined)
          ctx.addIssue({ code: "custom", path: [name], message: `is needed for a key of kind ${key.kind}` });
      for (const name of FOREIGN_MEMBERS[key.kind])
        if (key[name] !== undefined)
          ctx.addIssue({ code: "custom", path: [name], message: `is not for a key of kind ${key.kind}` });
    }),
);
