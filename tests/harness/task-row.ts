import { defaultLimits } from "@omoios/contracts/default-limits";
import type { TaskRow } from "@omoios/domain/tasks/model";
import type { Context } from "@omoios/kernel/context";
import type { AgentId, TaskId, TicketId } from "@omoios/kernel/ids";

/** A moment for rules that are tested without a clock. */
export const NOW = Date.parse("2026-01-05T10:00:00Z");
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** The limits as they ship. */
export const limits = defaultLimits;

/** A person's request at a moment, with the middle of all chances unless given. */
export function contextAt(now = NOW, random: () => number = () => 0.5): Context {
  return { now, random, correlation_id: "request-1", actor: { kind: "operator", id: "key_1", authority: "SYSTEM" } };
}

/** A pending task that was made at `NOW` and has never run. */
export function taskRow(given: Partial<TaskRow> = {}): TaskRow {
  return {
    version: 1,
    task_id: "task_0123456789abcdefghjk" as TaskId,
    ticket_id: "ticket_0123456789abcdefghjk" as TicketId,
    n: 1,
    phase_id: "PHASE_IMPLEMENTATION",
    visit: 1,
    priority: "MEDIUM",
    lane: "0123456789abcdef",
    status: "pending",
    fence: 0,
    attempt: 0,
    retry_count: 0,
    max_retries: limits.max_retries,
    timeout_seconds: limits.timeout_seconds,
    blockers_left: 0,
    created_at: NOW,
    ...given,
  };
}

/** The task in its first attempt, which began at `NOW`. */
export function runningTask(given: Partial<TaskRow> = {}): TaskRow {
  return taskRow({
    status: "running",
    agent_id: "agent_6f9619ff-8b86-4d01-b42d-00c04fc964ff" as AgentId,
    fence: 1,
    attempt: 1,
    started_at: NOW,
    progressed_at: NOW,
    lease_expires_at: NOW + limits.lease_seconds * SECOND,
    ...given,
  });
}
