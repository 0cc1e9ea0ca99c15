import type { FleetAgent } from "../../agents/fleet.ts";
import type { AgentWatch } from "../agent-anomaly.ts";
import type { AgentReading } from "../agent-baseline.ts";

/** What is kept of an agent between two readings. */
export interface AgentNote {
  watch: AgentWatch;
  /** What had come of its tasks by then, by phase: completed, failed, milliseconds of both. */
  seen: Readonly<Record<string, readonly [completed: number, failed: number, busy_ms: number]>>;
}

type Taken = Omit<AgentReading, "queue_share"> & { phase_id: string };

export function seenOf({ agent }: FleetAgent): AgentNote["seen"] {
  const record = Object.entries(agent.record ?? {});
  return Object.fromEntries(
    record.map(([phase, { completed, failed, busy_ms, failed_ms = 0 }]) => [
      phase,
      [completed, failed, busy_ms + failed_ms],
    ]),
  );
}

/**
 * What an agent did since its last reading, in the phase in which it ended most. `undefined` where it ended nothing: a minute in which
 * nothing ends says nothing of it, or no agent would be strange three times in a row.
 */
export function takeReading(of: FleetAgent, seen: AgentNote["seen"]): Taken | undefined {
  let most: Taken | undefined;
  for (const [phase_id, [completed, failed, busy_ms]] of Object.entries(seenOf(of))) {
    const [completed_before = 0, failed_before = 0, busy_before = 0] = seen[phase_id] ?? [];
    const ended = { completed: completed - completed_before, failed: failed - failed_before };
    const count = ended.completed + ended.failed;
    if (count <= (most === undefined ? 0 : most.completed + most.failed)) continue;
    most = { ...ended, phase_id, latency_seconds: (busy_ms - busy_before) / count / 1000, ...healthOf(of) };
  }
  return most;
}

function healthOf({ pulse: { health } }: FleetAgent): Pick<AgentReading, "cpu_percent" | "memory_mb"> {
  const { cpu_usage_percent: cpu, memory_usage_mb: memory } = health;
  return {
    cpu_percent: typeof cpu === "number" ? cpu : undefined,
    memory_mb: typeof memory === "number" ? memory : undefined,
  };
}
