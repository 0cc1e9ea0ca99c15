import { createHash } from "node:crypto";

/** A lane is a phase and a set of required capabilities; no capabilities is a lane too. */
export function laneOf(phase_id: string, capabilities: readonly string[]): string {
  return digest("lane", [phase_id], capabilities);
}

/** A class is what an agent offers: its phases and capabilities. */
export function classOf(phase_ids: readonly string[], capabilities: readonly string[]): string {
  return digest("class", phase_ids, capabilities);
}

/** What the class lacks for the lane; empty when it can take its tasks. */
export function missingFor(
  lane: { phase_id: string; capabilities: readonly string[] },
  offered: { phase_ids: readonly string[]; capabilities: readonly string[] },
): string[] {
  const missing = lane.capabilities.filter((word) => !offered.capabilities.includes(word));
  return offered.phase_ids.includes(lane.phase_id) ? missing : [lane.phase_id, ...missing];
}

/** One shard of a lane, as ready tasks name it. */
export function shardOf(lane: string, shard: number): string {
  return `${lane}#${shard}`;
}

/** The lane that a shard is of. */
export function laneOfShard(ready_lane: string): string {
  return ready_lane.slice(0, ready_lane.lastIndexOf("#"));
}

/** Which shard of its lane it is. */
export function shardNumberOf(ready_lane: string): number {
  return Number(ready_lane.slice(ready_lane.lastIndexOf("#") + 1));
}

function digest(kind: string, phases: readonly string[], capabilities: readonly string[]): string {
  const text = JSON.stringify([kind, [...new Set(phases)].sort(), [...new Set(capabilities)].sort()]);
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
