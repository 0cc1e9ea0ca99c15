import * as z from "zod";
import { AGENT_STATUSES, AGENT_TYPES } from "../shapes/agent.ts";
import { idOf, time } from "../shapes/common.ts";
import { channelMessage } from "./task.ts";

export const registrationStep = z.object({
  step: z.enum(["pre_validation", "identity", "registry_entry", "subscription", "first_heartbeat"]),
  outcome: z.enum(["done", "failed"]),
  at: time,
});

/** Until when the key before it is good. */
export const rotatedKey = z.object({ key_id: z.string(), old_key_until: time });

export const registeredAgent = z.object({
  agent_id: idOf("agent"),
  agent_name: z.string(),
  status: z.enum(AGENT_STATUSES),
  key_id: z.string(),
  /** The private half (JWK), only where the plane made the pair, and only in this one answer. */
  private_key: z.looseObject({ kty: z.string() }).optional(),
  audience: z.string(),
  /** A WebSocket, opened with the agent's access token, on which the plane says when there is work; null where a stage has none. */
  wake_url: z.string().nullable(),
  /** Signs what is pushed to the agent (Standard Webhooks); only for one that is pushed to, and only in this one answer. */
  webhook_secret: z.string().optional(),
  first_heartbeat_by: time,
  steps: z.array(registrationStep),
});

export const heartbeatReply = z.object({
  received: z.boolean(),
  replay: z.boolean().optional(),
  sequence_number: z.int(),
  expected_next: z.int(),
  gaps: z.array(z.tuple([z.int(), z.int()])),
  time,
  action: z.enum(["continue", "stop", "shutdown", "rotate_key"]),
  stop_tasks: z.array(idOf("task")),
  messages: z.array(channelMessage),
});

export const tokenReply = z.object({ access_token: z.string(), token_type: z.literal("Bearer"), expires_in: z.int() });

export const agent = z.object({
  agent_id: idOf("agent"),
  agent_name: z.string(),
  agent_type: z.enum(AGENT_TYPES),
  status: z.enum(AGENT_STATUSES),
  phase_ids: z.array(z.string()),
  capabilities: z.array(z.string()),
  capacity: z.int(),
  version: z.string(),
  tags: z.array(z.string()),
  owner: z.string().nullable(),
  /** `url`: where its tasks are pushed to; null where it claims. */
  delivery: z.object({ mode: z.enum(["pull", "push"]), url: z.string().nullable() }),
  replaces: idOf("agent").nullable(),
  /** It was told to stop, and is ended by then at the latest. */
  leaving: z.object({ how: z.enum(["restart", "deregistration"]), until: time, why: z.string() }).nullable(),
  key_id: z.string(),
  current_task_ids: z.array(idOf("task")),
  last_heartbeat_at: time.nullable(),
  registered_at: time,
  updated_at: time,
  row_version: z.int(),
});
