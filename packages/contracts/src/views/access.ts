import * as z from "zod";
import { authority, KEY_KINDS } from "../shapes/access.ts";
import { idOf, time } from "../shapes/common.ts";

export const createdApiKey = z.object({ key_id: idOf("apiKey"), api_key: z.string() });

export const apiKey = z.object({
  key_id: idOf("apiKey"),
  kind: z.enum(KEY_KINDS),
  name: z.string(),
  scopes: z.array(z.string()),
  authority,
  created_at: time,
  created_by: z.string(),
  revoked_at: time.nullable(),
  /** Of a registration key: how many agents it may register, how many it has, and until when. */
  uses: z.int().nullable(),
  used: z.int().nullable(),
  expires_at: time.nullable(),
});

export const pauseState = z.object({ paused: z.boolean(), reason: z.string().nullable(), since: time.nullable() });

export const whoami = z.object({
  principal: z.string(),
  kind: z.enum(["operator", "agent"]),
  scopes: z.array(z.string()),
  authority,
  agent: z.object({ agent_id: idOf("agent"), agent_name: z.string(), status: z.string() }).nullable(),
});
