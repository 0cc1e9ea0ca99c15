import { AUTHORITY, type AuthorityName } from "@omoios/kernel/principal";
import * as z from "zod";
import { idOf, time } from "./common.ts";

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

export const createApiKey = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .transform((list) => [...new Set(list)].sort()),
  authority: authority.optional(),
});
export const createdApiKey = z.object({ key_id: idOf("apiKey"), api_key: z.string() });
export const apiKey = z.object({
  key_id: idOf("apiKey"),
  name: z.string(),
  scopes: z.array(z.string()),
  authority,
  created_at: time,
  created_by: z.string(),
  revoked_at: time.nullable(),
});
export const whoami = z.object({
  principal: z.string(),
  kind: z.enum(["operator", "agent"]),
  scopes: z.array(z.string()),
  authority,
  agent: z.object({ agent_id: idOf("agent"), agent_name: z.string(), status: z.string() }).nullable(),
});
export const pauseState = z.object({ paused: z.boolean(), reason: z.string().nullable(), since: time.nullable() });
