import { AUTHORITY, type AuthorityName } from "@omoios/kernel/principal";
import * as z from "zod";
import { AGENT_STATUSES, AGENT_TYPES, agent, capabilities, healthMetrics, phaseIds, tags } from "./agent.ts";
import { idOf, phaseId, reason, time } from "./common.ts";

const authority = z.enum(Object.keys(AUTHORITY) as [AuthorityName, ...AuthorityName[]]);
const status = z.enum(AGENT_STATUSES);
const count = z.int().min(0);

/** One change of an agent's status: who, why, and for which task. */
export const statusChange = z.object({
  at: time,
  from: status,
  to: status,
  why: z.string().nullable(),
  task_id: idOf("task").nullable(),
  /** A guardian's change that skipped the table of states. */
  forced: z.boolean(),
  by: z.object({ kind: z.string(), id: z.string(), authority }),
});

/** What was known of an agent when it was put into quarantine. */
const evidence = z.object({
  at: time,
  heartbeats: z.array(
    z.object({
      sequence_number: z.int(),
      at: time,
      status: z.string(),
      cpu_usage_percent: z.number().nullable(),
      memory_usage_mb: z.number().nullable(),
    }),
  ),
  events: z.array(z.object({ id: z.string(), type: z.string(), time, data: z.record(z.string(), z.unknown()) })),
  errors: z.array(z.object({ task_id: idOf("task"), kind: z.string(), message: z.string(), at: time })),
});

/** Lifetime figures of an agent that has ended. */
const archive = z.object({
  ended_at: time,
  why: z.string(),
  tasks_completed: count,
  tasks_failed: count,
  mean_task_seconds: z.number().nullable(),
  /** Restarts of its lineage so far, its own among them. */
  restarts: count,
  uptime_seconds: z.number(),
});

/** An agent with what only its own page shows. */
export const agentDetails = agent.extend({ evidence: evidence.nullable(), archive: archive.nullable() });

export const patchAgent = z.strictObject({
  capabilities: capabilities.optional(),
  phase_ids: phaseIds.optional(),
  capacity: z.int().min(1).max(50).optional(),
  tags: tags.optional(),
  /** A person or a team, to whom alerts about the agent can go. */
  owner: z.string().trim().min(1).max(100).nullable().optional(),
});

export const quarantineAgent = z.strictObject({
  reason,
  /** Skips the table of states; needs the authority GUARDIAN. */
  force: z.boolean().optional(),
});
export const releaseAgent = z.strictObject({ note: reason });

/** Largest body of a message to a channel, as JSON. */
const MESSAGE_BYTES = 4_096;

/** A message to every agent of a channel: of a phase, of all agents, or the word to stop. */
export const sendMessage = z.strictObject({
  channel: z
    .string()
    .max(120)
    .regex(/^(broadcast|shutdown|phase:\S+)$/, "must be broadcast, shutdown, or phase: with a phase's id"),
  body: z
    .union([z.string().min(1), z.record(z.string(), z.unknown())])
    .refine((body) => new TextEncoder().encode(JSON.stringify(body)).length <= MESSAGE_BYTES, {
      message: `must be at most ${MESSAGE_BYTES} bytes of JSON`,
    }),
});
export const sentMessage = z.object({
  message_id: idOf("message"),
  channel: z.string(),
  sent_at: time,
  /** Agents that it was put into the box of, and those whose box was full of messages that they have not acknowledged. */
  agents: count,
  full: count,
});

const beating = z.object({
  agent_id: idOf("agent"),
  agent_name: z.string(),
  status,
  owner: z.string().nullable(),
  last_heartbeat_at: time.nullable(),
  misses: count,
});

export const fleetHealth = z.object({
  /** Agents that have not ended, and those that failed. */
  by_status: z.record(status.exclude(["TERMINATED"]), count),
  active: count,
  /** The agents whose beat is late, the longest silent first; 100 at most. */
  stale: z.array(beating),
  oldest_heartbeat_at: time.nullable(),
  /** Since when so many are silent together that none is held to it. */
  mass_silence_since: time.nullable(),
});

export const agentHealth = beating.extend({
  heartbeat_age_seconds: z.number().nullable(),
  /** Until when the next beat is awaited; null where none is. */
  awaited_until: time.nullable(),
  stale: z.boolean(),
  sequence_number: z.int(),
  /** Beats that came twice. */
  replays: count,
  health_metrics: healthMetrics,
  capacity: z.int(),
  free_capacity: count,
});

export const searchAgents = z.strictObject({
  /** Comma-separated; each hit has at least one of them. */
  capabilities: z
    .string()
    .transform((list) => list.split(",").filter((word) => word.trim() !== ""))
    .pipe(capabilities)
    .optional(),
  phase_id: phaseId.optional(),
  status: z.enum(["IDLE", "RUNNING", "DEGRADED"]).optional(),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .default(50)
    .transform((n) => Math.min(n, 100)),
});

export const foundAgents = z.object({
  items: z.array(
    z.object({
      agent_id: idOf("agent"),
      agent_name: z.string(),
      agent_type: z.enum(AGENT_TYPES),
      status,
      score: z.number(),
      /** Whether it has all that was asked for. */
      covers: z.boolean(),
      why: z.array(z.string()),
    }),
  ),
});
