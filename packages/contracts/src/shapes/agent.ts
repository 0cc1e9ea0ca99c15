import * as z from "zod";
import { capability, idOf, phaseId, time } from "./common.ts";
import { channelMessage } from "./task.ts";

export const AGENT_TYPES = ["worker", "monitor", "watchdog", "guardian", "validator"] as const;
export type AgentType = (typeof AGENT_TYPES)[number];
export const AGENT_STATUSES = [
  "SPAWNING",
  "IDLE",
  "RUNNING",
  "DEGRADED",
  "FAILED",
  "QUARANTINED",
  "TERMINATED",
] as const;
export type AgentStatus = (typeof AGENT_STATUSES)[number];

export const capabilities = z
  .array(capability)
  .max(100)
  .transform((list) => [...new Set(list)].sort());
export const phaseIds = z
  .array(phaseId)
  .max(20)
  .transform((list) => [...new Set(list)].sort());

export const tags = z.array(z.string().trim().min(1).max(60)).max(20);

/** An Ed25519 public key as a JWK. A private key sent by mistake is refused. */
export const publicKey = z
  .looseObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string().regex(/^[A-Za-z0-9_-]{43}$/) })
  .refine((jwk) => !("d" in jwk), { message: "is a private key: send only kty, crv and x, and make a new pair" });

export const registerAgent = z.strictObject({
  agent_type: z.enum(AGENT_TYPES),
  phase_ids: phaseIds,
  capabilities,
  capacity: z.int().min(1).max(50).optional(),
  version: z.string().min(1).max(60),
  config: z
    .strictObject({
      resources: z
        .strictObject({
          memory_mb: z.number().min(0).optional(),
          cpus: z.number().min(0).optional(),
          gpus: z.number().min(0).optional(),
        })
        .optional(),
      binary: z
        .strictObject({ path: z.string().min(1).max(500), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
        .optional(),
    })
    .optional(),
  tags: tags.optional(),
  owner: z.string().trim().min(1).max(100).optional(),
  public_key: publicKey.optional(),
  replaces: idOf("agent").optional(),
  /** How work reaches it: it claims, or each task that it gets is told to its url by a signed webhook. */
  delivery: z
    .discriminatedUnion("mode", [
      z.strictObject({ mode: z.literal("pull") }),
      z.strictObject({ mode: z.literal("push"), url: z.url({ protocol: /^https?$/ }).max(2_000) }),
    ])
    .optional(),
});

export const registrationStep = z.object({
  step: z.enum(["pre_validation", "identity", "registry_entry", "subscription", "first_heartbeat"]),
  outcome: z.enum(["done", "failed"]),
  at: time,
});

export const rotateKey = z.strictObject({ public_key: publicKey });
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

export const healthMetrics = z.strictObject({
  cpu_usage_percent: z.number().min(0).optional(),
  memory_usage_mb: z.number().min(0).optional(),
  active_connections: z.int().min(0).optional(),
  pending_operations: z.int().min(0).optional(),
  last_error_at: time.nullable().optional(),
  custom: z.record(z.string().max(100), z.number()).optional(),
});

/** `checksum`: SHA-256 (hex) of the canonical JSON (RFC 8785) of the other fields. */
export const heartbeat = z.strictObject({
  sequence_number: z.int().min(1),
  status: z.enum(["IDLE", "RUNNING"]),
  current_task_ids: z.array(idOf("task")).max(50),
  health_metrics: healthMetrics,
  next_by: time.optional(),
  acked: z.int().min(0).optional(),
  checksum: z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in lower-case hex"),
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

/** A JWT (EdDSA) signed by the agent: sub, kid, aud, jti, exp at most five minutes away. */
export const tokenRequest = z.strictObject({ assertion: z.string().max(4_000).optional() });
export const tokenReply = z.object({ access_token: z.string(), token_type: z.literal("Bearer"), expires_in: z.int() });
