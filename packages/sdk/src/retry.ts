import { isProblemCode, problems } from "@omoios/contracts/problems";
import { type Backoff, backoffMs } from "@omoios/kernel/backoff";
import type { Random } from "@omoios/kernel/random";
import { ApiProblem, Unreachable } from "./api-problem.ts";

/** How often and how patiently a call is repeated. Only calls are repeated whose repetition does no harm. */
export interface RetryPolicy extends Backoff {
  /** Tries in all, the first one counted; 1 never repeats. */
  tries: number;
  /** A longer `Retry-After` than this is not waited for: the refusal is thrown. */
  longest_wait_ms: number;
}

export const defaultRetry: RetryPolicy = {
  tries: 5,
  base_ms: 200,
  cap_ms: 5_000,
  jitter: 0.25,
  longest_wait_ms: 30_000,
};

const PASSING_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Whether the same call may succeed a moment later. */
export function isPassing(failure: unknown): failure is ApiProblem | Unreachable {
  if (failure instanceof Unreachable) return true;
  if (!(failure instanceof ApiProblem)) return false;
  if (isProblemCode(failure.code)) return problems[failure.code].retry === "later";
  return PASSING_STATUSES.has(failure.status);
}

/** Milliseconds until the call is tried again, or `undefined` where it is not. The plane's own word goes before our back-off. */
export function retryDelayMs(
  failure: unknown,
  triesMade: number,
  policy: RetryPolicy,
  random: Random,
): number | undefined {
  if (triesMade >= policy.tries || !isPassing(failure)) return undefined;
  const asked = failure instanceof ApiProblem ? failure.retry_after_ms : undefined;
  if (asked === undefined) return backoffMs(policy, triesMade - 1, random);
  return asked > policy.longest_wait_ms ? undefined : asked;
}
