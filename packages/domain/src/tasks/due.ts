import type { Limits } from "@omoios/contracts/limits";
import type { Instant } from "@omoios/kernel/clock";
import type { TaskRow } from "./model.ts";

/** How long the follow-ups of an ended task may take before the sweep does them. */
export const SETTLE_WITHIN_MS = 120_000;

/**
 * The next moment at which something must happen to the task, from its state alone. A renewed lease does not move it: the timer that
 * finds the lease renewed does, so that progress writes no index.
 */
export function taskDue(task: TaskRow, limits: Pick<Limits, "dependency_check_seconds">): Instant | undefined {
  const moments: (Instant | undefined)[] = [];
  switch (task.status) {
    case "staged":
      return undefined;
    case "pending":
      if (task.pending_reason === "backoff") moments.push(task.ready_at);
      else if (task.checking) moments.push(task.created_at + limits.dependency_check_seconds * 1000);
      break;
    case "running":
      moments.push(task.lease_expires_at, timesOutAt(task));
      break;
    case "assigned":
      moments.push(task.lease_expires_at);
      break;
    case "waiting":
      moments.push(task.ready_at);
      break;
    case "completed":
    case "failed":
    case "cancelled":
      return task.settling ? settlesAt(task) : undefined;
    default:
      break;
  }
  if (task.deadline_at !== undefined && !task.deadline_missed) moments.push(task.deadline_at + 1);
  const known = moments.filter((moment) => moment !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** The moment that the task waited for already, where it is near: then its end writes no index. */
function settlesAt({ completed_at, created_at, due_at }: TaskRow): Instant {
  const latest = (completed_at ?? created_at) + SETTLE_WITHIN_MS;
  return due_at !== undefined && due_at <= latest ? due_at : latest;
}

/** The first moment at which the attempt has taken longer than it may; elapsed must exceed the timeout. */
export function timesOutAt(task: Pick<TaskRow, "started_at" | "timeout_seconds">): Instant | undefined {
  return task.started_at === undefined ? undefined : task.started_at + task.timeout_seconds * 1000 + 1;
}
