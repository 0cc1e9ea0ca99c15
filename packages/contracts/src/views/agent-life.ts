import * as z from "zod";
import { authority } from "../shapes/access.ts";
import { AGENT_STATUSES, AGENT_TYPES, healthMetrics } from "../shapes/agent.ts";
import { idOf, time } from "../shapes/common.ts";
import { agent } from "./agent.ts";

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
  health_metrics: healthMetrics(),
  capacity: z.int(),
  free_capacity: count,
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
  /** Whether there are agents of such capabilities that were not compared. */
  more: z.boolean(),
});
