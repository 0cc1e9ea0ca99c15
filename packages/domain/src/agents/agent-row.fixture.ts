import type { AgentId, TaskId } from "@omoios/kernel/ids";
import type { AgentRow, PulseRow, Slot } from "./model.ts";

/** A moment for rules that are tested without a clock. */
export const NOW = Date.parse("2026-01-05T10:00:00Z");
export const SECOND = 1_000;
export const AGENT_ID = "agent_11111111-1111-4111-8111-111111111111" as AgentId;

/** The task of that number, held since `NOW`. */
export const slot = (n: number, fence = 1): Slot => ({
  task_id: `task_0000000000000000000${n}` as TaskId,
  fence,
  at: NOW,
});

/** An idle worker. */
export function agentRow(given: Partial<AgentRow> = {}): AgentRow {
  return {
    agent_id: AGENT_ID,
    agent_name: "worker-implementation-001",
    agent_type: "worker",
    status: "IDLE",
    class_id: "c",
    key_id: "k",
    public_x: "x",
    epoch: 1,
    capacity: 2,
    slots: {},
    failed: {},
    version: 3,
    ...given,
  };
}

/** A pulse whose fourth beat came at `NOW`. */
export function pulseRow(given: Partial<PulseRow> = {}): PulseRow {
  return {
    agent_id: AGENT_ID,
    epoch: 1,
    sequence: 4,
    beat_at: NOW,
    status: "IDLE",
    task_ids: [],
    left_out: {},
    health: {},
    replays: 0,
    ...given,
  };
}
