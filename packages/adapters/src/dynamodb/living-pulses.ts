import type { RecentBeat } from "@omoios/domain/agents/life-rows";
import type { Beat, PulseRow } from "@omoios/domain/agents/model";
import type { Tables } from "./client.ts";
import { itemsOfPartition } from "./partition.ts";
import type { Item } from "./rows.ts";

/**
 * Partitions of the pulse rows: a sweep reads those and nothing else. A partition takes 1,000 writes a second, so that four hold the
 * beats of 120,000 agents, and a sweep over a fleet at rest asks four times.
 */
export const PULSE_SHARDS = 4;

/** Beats that are kept for a while, each in an attribute of its own, so that a beat overwrites the oldest in the same write. */
const RECENT = 4;
const RECENT_NAME = /^recent_(\d+)$/;

/** The attribute in which a beat is kept. */
export function recentName(sequence: number): string {
  return `recent_${sequence % RECENT}`;
}

/** What is kept of a beat. */
export function recentOf({ sequence, beat_at, status, health }: Omit<Beat, "agent_id" | "left_out">): RecentBeat {
  const { cpu_usage_percent: cpu, memory_usage_mb: mb } = health;
  return {
    sequence,
    at: beat_at,
    status,
    ...(typeof cpu === "number" ? { cpu } : {}),
    ...(typeof mb === "number" ? { mb } : {}),
  };
}

/** A pulse row as its item says it. */
export function pulseOf(item: Item): PulseRow {
  const row: Item = {};
  const recent: Item = {};
  for (const [name, value] of Object.entries(item)) {
    const kept = RECENT_NAME.exec(name)?.[1];
    if (kept !== undefined) recent[kept] = value;
    else if (name !== "pk" && name !== "sk") row[name] = value;
  }
  if (Object.keys(recent).length > 0) row.recent = recent;
  return row as unknown as PulseRow;
}

/** Every pulse row. Read for half the price of a strong read: whoever acts on one reads it once more. */
export async function livingPulses(tables: Tables): Promise<PulseRow[]> {
  const shards = Array.from({ length: PULSE_SHARDS }, (_, shard) => itemsOfPartition(tables, `pulse#${shard}`));
  return (await Promise.all(shards)).flat().map(pulseOf);
}
