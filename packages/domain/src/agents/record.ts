import type { TaskRecord } from "./life-rows.ts";
import type { AgentRow } from "./model.ts";

/** Fewer tasks than this say nothing about an agent. */
const SAYS_SOMETHING = 5;
const UNKNOWN_RATE = 0.5;
const NOTHING: TaskRecord = { completed: 0, failed: 0, busy_ms: 0 };

/** How an attempt ended that counts for or against its agent. */
export interface Ended {
  phase_id: string;
  completed: boolean;
  busy_ms: number;
}

/** The agent with the outcome of one task counted. The first that it completes ends its probation. */
export function counted(agent: AgentRow, { phase_id, completed, busy_ms }: Ended): AgentRow {
  const before = agent.record?.[phase_id] ?? NOTHING;
  const after: TaskRecord = completed
    ? { ...before, completed: before.completed + 1, busy_ms: before.busy_ms + busy_ms }
    : { ...before, failed: before.failed + 1, failed_ms: (before.failed_ms ?? 0) + busy_ms };
  const record = { ...agent.record, [phase_id]: after };
  return { ...agent, record, ...(completed ? { probe: undefined } : {}) };
}

/** The share of its tasks of a phase that it completed; undecided with fewer than five. */
export function successRate({ record = {} }: Pick<AgentRow, "record">, phase_id: string | undefined): number {
  const { completed, failed } = phase_id === undefined ? total({ record }) : (record[phase_id] ?? NOTHING);
  return completed + failed < SAYS_SOMETHING ? UNKNOWN_RATE : completed / (completed + failed);
}

/** What came of all its tasks. */
export function total({ record = {} }: Pick<AgentRow, "record">): TaskRecord {
  return Object.values(record).reduce(
    (sum, row) => ({
      completed: sum.completed + row.completed,
      failed: sum.failed + row.failed,
      busy_ms: sum.busy_ms + row.busy_ms,
    }),
    NOTHING,
  );
}
