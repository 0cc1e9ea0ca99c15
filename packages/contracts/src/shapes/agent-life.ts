import { once } from "@omoios/kernel/once";
import * as z from "zod";
import { AGENT_STATUSES, capabilities, phaseIds, tags } from "./agent.ts";
import { paging, phaseId, reason } from "./common.ts";

const _status = z.enum(AGENT_STATUSES);

export const patchAgent = once(() =>
  z.strictObject({
    capabilities: capabilities().optional(),
    phase_ids: phaseIds().optional(),
    capacity: z.int().min(1).max(50).optional(),
    tags: tags().optional(),
    /** A person or a team, to whom alerts about the agent can go. */
    owner: z.string().trim().min(1).max(100).nullable().optional(),
  }),
);

export const quarantineAgent = once(() =>
  z.strictObject({
    reason,
    /** Skips the table of states; needs the authority GUARDIAN. */
    force: z.boolean().optional(),
  }),
);
export const releaseAgent = once(() => z.strictObject({ note: reason }));

/** Largest body of a message to a channel, as JSON. */
const MESSAGE_BYTES = 4_096;

/** A message to every agent of a channel: of a phase, of all agents, or the word to stop. */
export const sendMessage = once(() =>
  z.strictObject({
    channel: z
      .string()
      .max(120)
      .regex(/^(broadcast|shutdown|phase:\S+)$/, "must be broadcast, shutdown, or phase: with a phase's id"),
    body: z
      .union([z.string().min(1), z.record(z.string(), z.unknown())])
      .refine((body) => new TextEncoder().encode(JSON.stringify(body)).length <= MESSAGE_BYTES, {
        message: `must be at most ${MESSAGE_BYTES} bytes of JSON`,
      }),
  }),
);

export const searchAgents = once(() =>
  z.strictObject({
    /** Comma-separated; each hit has at least one of them. */
    capabilities: z
      .string()
      .transform((list) => list.split(",").filter((word) => word.trim() !== ""))
      .pipe(capabilities())
      .optional(),
    phase_id: phaseId.optional(),
    status: z.enum(["IDLE", "RUNNING", "DEGRADED"]).optional(),
    limit: paging.limit,
  }),
);
