import { once } from "@omoios/kernel/once";
import * as z from "zod";
import { capability, idOf, phaseId, time } from "./common.ts";

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

const inOrder = (list: readonly string[]): string[] => [...new Set(list)].sort();

export const capabilities = once(() => z.array(capability).max(100).overwrite(inOrder));
const writtenPhases = () => z.array(phaseId).max(20);
export const phaseIds = once(() => writtenPhases().overwrite(inOrder));

export const tags = once(() => z.array(z.string().trim().min(1).max(60)).max(20));

const sha256 = () => z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in lower-case hex");

/** An Ed25519 public key as a JWK. A private key sent by mistake is refused. */
export const publicKey = once(() =>
  z
    .looseObject({
      kty: z.literal("OKP"),
      crv: z.literal("Ed25519"),
      x: z.string().regex(/^[A-Za-z0-9_-]{43}$/, "must be 32 bytes in base64url: 43 characters"),
    })
    .refine((jwk) => !("d" in jwk), { message: "is a private key: send only kty, crv and x, and make a new pair" }),
);

export const registerAgent = once(() =>
  z.strictObject({
    agent_type: z.enum(AGENT_TYPES),
    // As they were written: what is wrong with one is told at its place.
    phase_ids: writtenPhases(),
    capabilities: capabilities(),
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
        binary: z.strictObject({ path: z.string().min(1).max(500), sha256: sha256() }).optional(),
      })
      .optional(),
    tags: tags().optional(),
    owner: z.string().trim().min(1).max(100).optional(),
    public_key: publicKey().optional(),
    replaces: idOf("agent").optional(),
    /** How work reaches it: it claims, or each task that it gets is told to its url by a signed webhook. */
    delivery: z
      .discriminatedUnion("mode", [
        z.strictObject({ mode: z.literal("pull") }),
        z.strictObject({
          mode: z.literal("push"),
          url: z.url({ protocol: /^https?$/, error: "must be a URL that begins with http" }).max(2_000),
        }),
      ])
      .optional(),
  }),
);

export const rotateKey = once(() => z.strictObject({ public_key: publicKey() }));

export const healthMetrics = once(() =>
  z.strictObject({
    cpu_usage_percent: z.number().min(0).optional(),
    memory_usage_mb: z.number().min(0).optional(),
    active_connections: z.int().min(0).optional(),
    pending_operations: z.int().min(0).optional(),
    last_error_at: time.nullable().optional(),
    custom: z.record(z.string().max(100), z.number()).optional(),
  }),
);

/** `checksum`: SHA-256 (hex) of the canonical JSON (RFC 8785) of the other fields. */
export const heartbeat = once(() =>
  z.strictObject({
    sequence_number: z.int().min(1),
    status: z.enum(["IDLE", "RUNNING"]),
    current_task_ids: z.array(idOf("task")).max(50),
    health_metrics: healthMetrics(),
    next_by: time.optional(),
    acked: z.int().min(0).optional(),
    checksum: sha256(),
  }),
);

/** A JWT (EdDSA) signed by the agent: sub, kid, aud, jti, exp at most five minutes away. */
export const tokenRequest = once(() => z.strictObject({ assertion: z.string().max(4_000).optional() }));
