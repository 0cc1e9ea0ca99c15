import { createHash } from "node:crypto";
import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import { fromRfc3339, type Instant } from "@omoios/kernel/clock";
import type { TaskId } from "@omoios/kernel/ids";
import { accepted, type Outcome, refused } from "@omoios/kernel/outcome";
import canonicalize from "canonicalize";
import { type AgentRow, type Beat, heldAs } from "./model.ts";

export type Heartbeat = RouteInput<"heartbeat">["body"];

/** How far ahead an agent may promise its next beat. */
const NEXT_BY_MAX_MS = 600_000;

/**
 * SHA-256 (hex) of the canonical JSON (RFC 8785) of a heartbeat's fields but `checksum`. The route's schema changes no value and
 * drops none, so that what was parsed is what was sent.
 */
export function checksumOf({ checksum: _checksum, ...fields }: Heartbeat): string {
  return createHash("sha256")
    .update(canonicalize(fields) ?? "")
    .digest("hex");
}

/** The beat to be written, and the tasks that the agent names without holding them: it must stop those. */
export function readBeat(
  body: Heartbeat,
  agent: AgentRow,
  now: Instant,
): Outcome<{ beat: Beat; stop_tasks: TaskId[] }> {
  const next_by = body.next_by === undefined ? undefined : fromRfc3339(body.next_by);
  if (body.checksum !== checksumOf(body)) return refused("agent.checksum_mismatch");
  if (next_by !== undefined && next_by > now + NEXT_BY_MAX_MS) {
    return refused("request.invalid", {
      errors: [{ path: "/next_by", message: `must be at most ${NEXT_BY_MAX_MS / 60_000} minutes from now` }],
    });
  }
  const slots = Object.values(agent.slots);
  const [named, held] = [new Set(body.current_task_ids), new Set(slots.map(({ task_id }) => task_id))];
  const beat: Beat = {
    agent_id: agent.agent_id,
    epoch: agent.epoch,
    sequence: body.sequence_number,
    beat_at: now,
    next_by,
    status: body.status,
    task_ids: [...named],
    health: body.health_metrics,
    acked: body.acked,
    // Two claims at once may have reserved the same take, each in a slot of its own.
    left_out: [...new Set(slots.filter(({ task_id }) => !named.has(task_id)).map(heldAs))],
  };
  return accepted({ beat, stop_tasks: [...named].filter((task_id) => !held.has(task_id)) });
}

/** The numbers between the newest seen before and this one, as an inclusive pair: beats that were lost. */
export function gapsBetween(before: number, sequence: number): RouteReply<"heartbeat">["gaps"] {
  return sequence > before + 1 ? [[before + 1, sequence - 1]] : [];
}
