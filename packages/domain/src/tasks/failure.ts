import { createHash } from "node:crypto";
import type { Limits } from "@omoios/contracts/limits";
import type { ErrorKind, Failure } from "@omoios/contracts/shapes/task";
import { backoffMs } from "@omoios/kernel/backoff";
import type { Instant } from "@omoios/kernel/clock";
import type { Random } from "@omoios/kernel/random";
import type { TaskRow } from "./model.ts";

/** What makes a failure permanent where the agent does not say: found, in any case, in the message's first line. */
const PERMANENT = [
  "permission denied",
  "access denied",
  "authentication failed",
  "authorization failed",
  "syntax error",
  "invalid argument",
  "not found",
  "does not exist",
  "already exists",
  "duplicate key",
  "constraint violation",
  "immutable",
  "read-only",
  "quota exceeded",
];

/** The agent's word counts; where it gives none, the message decides. */
export function kindOfFailure(error: { message: string; retryable?: boolean | undefined }): ErrorKind {
  if (error.retryable !== undefined) return error.retryable ? "retryable" : "permanent";
  const line = error.message.split("\n", 1)[0]?.toLowerCase() ?? "";
  return PERMANENT.some((phrase) => line.includes(phrase)) ? "permanent" : "retryable";
}

/** What is taken out of a message before it is compared, in this order: what changes from one try to the next. */
const CHANGING = [
  // Paths, also relative ones, with drive and line number. Only the beginning of a word may begin one, so that a long word is read once.
  /(?<![\w.@+~-])(?:[a-z]:)?[\w.@+~-]*(?:[\\/]+[\w.@+~-]+)+[\\/]?/gi,
  /(?<![a-z0-9])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![a-z0-9])/gi,
  /(?<![a-z0-9])(?:0x[0-9a-f]+|[0-9a-f]{6,})(?![a-z0-9])/gi,
  /\d+/g,
];

/** What two failures must share to count as the same: the kind, and the message without paths, hex and digits. */
export function failureSignature(kind: ErrorKind, message: string): string {
  const bare = CHANGING.reduce((text, changing) => text.replace(changing, ""), message)
    .replace(/\s+/g, " ")
    .trim();
  return createHash("sha256").update(`${kind}|${bare}`).digest("base64url").slice(0, 12);
}

export type AfterFailure =
  | { next: "retry"; ready_at: Instant; failed_alike: TaskRow["failed_alike"] }
  | { next: "failed"; failure: Failure; failed_alike: TaskRow["failed_alike"] };

/**
 * What a failed attempt leads to. A permanent error ends the task; the same failure three times in a row, or no retries left, exhausts
 * it (a time-out then says so); anything else is tried again after min(base × 2^n × jitter, cap), n the retries already made.
 */
export function afterFailure(
  task: Pick<TaskRow, "retry_count" | "max_retries" | "failed_alike">,
  failure: { kind: ErrorKind; message: string },
  now: Instant,
  random: Random,
  limits: Pick<Limits, "retry_base_ms" | "retry_cap_ms" | "retry_jitter" | "same_failures">,
): AfterFailure {
  const signature = failureSignature(failure.kind, failure.message);
  const times = task.failed_alike?.signature === signature ? task.failed_alike.times + 1 : 1;
  const failed_alike = { signature, times };
  if (failure.kind === "permanent") return { next: "failed", failure: "permanent", failed_alike };
  const exhausted = failure.kind === "timeout" ? "timed_out" : "exhausted";
  if (task.retry_count >= task.max_retries) return { next: "failed", failure: exhausted, failed_alike };
  if (failure.kind !== "timeout" && times >= limits.same_failures)
    return { next: "failed", failure: "exhausted", failed_alike };
  const backoff = { base_ms: limits.retry_base_ms, cap_ms: limits.retry_cap_ms, jitter: limits.retry_jitter };
  return { next: "retry", ready_at: now + backoffMs(backoff, task.retry_count, random), failed_alike };
}
