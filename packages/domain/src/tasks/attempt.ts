import type { Limits } from "@omoios/contracts/limits";
import type { AttemptOutcome, ErrorKind } from "@omoios/contracts/shapes/task";
import type { Context } from "@omoios/kernel/context";
import { expiryInDays } from "../expiry.ts";
import type { AttemptRow, StoredError, TaskRow } from "./model.ts";

/** An error of the attempt that runs now. */
export function errorOf(
  task: TaskRow,
  { kind, message, agent_kind }: { kind: ErrorKind; message: string; agent_kind?: string | undefined },
  ctx: Context,
): StoredError {
  return { attempt: task.attempt, kind, message, at: ctx.now, agent_id: task.agent_id, agent_kind };
}

/** The row of an attempt that ends now. */
export function attemptOf(
  task: TaskRow,
  outcome: Exclude<AttemptOutcome, "running">,
  ctx: Context,
  limits: Limits,
  said: Pick<AttemptRow, "error" | "result" | "handoff" | "reason"> = {},
): AttemptRow {
  const { error, result, handoff, reason } = said;
  return {
    version: 0,
    task_id: task.task_id,
    fence: task.fence,
    orphan: "",
    attempt: task.attempt,
    agent_id: task.agent_id,
    started_at: task.started_at,
    ended_at: ctx.now,
    outcome,
    ...(error === undefined ? {} : { error }),
    ...(result === undefined ? {} : { result }),
    ...(handoff === undefined ? {} : { handoff }),
    ...(reason === undefined ? {} : { reason }),
    ttl: expiryInDays(ctx.now, limits.retention_days.attempts),
  };
}
