import { backoffMs } from "@omoios/kernel/backoff";
import { systemRandom } from "@omoios/kernel/random";
import { ApiProblem } from "@omoios/sdk/api-problem";
import { isPassing } from "@omoios/sdk/retry";
import type { CallOptions } from "@omoios/sdk/transport";
import { wait } from "@omoios/sdk/wait";

/** What became of a word about a task: taken, refused for its content, or too late because the task is no longer ours. */
export type Delivery = { state: "taken" } | { state: "refused"; problem: ApiProblem } | { state: "lost"; why: string };

const PAUSE = { base_ms: 500, cap_ms: 15_000, jitter: 0.25 };
const CONTENT_STATUSES: ReadonlySet<number> = new Set([400, 413, 422]);

/**
 * Says something about a task until the plane has answered, however long it is away: under the same fence, saying it twice is
 * saying it once. Only `giveUp` ends it before.
 */
export async function deliver(say: (options: CallOptions) => Promise<unknown>, giveUp: AbortSignal): Promise<Delivery> {
  for (let tries = 0; ; tries += 1) {
    try {
      await say({ signal: giveUp });
      return { state: "taken" };
    } catch (failure) {
      if (giveUp.aborted) return { state: "lost", why: "the runner was told to give up" };
      if (isPassing(failure)) {
        await wait(backoffMs(PAUSE, tries, systemRandom), giveUp).catch(() => undefined);
        continue;
      }
      if (!(failure instanceof ApiProblem)) throw failure;
      if (CONTENT_STATUSES.has(failure.status)) return { state: "refused", problem: failure };
      return { state: "lost", why: failure.message };
    }
  }
}

/** Whether the refusal means that the task is not this agent's any more. */
export function isLeaseGone(failure: unknown): boolean {
  return (
    failure instanceof ApiProblem &&
    (failure.status === 409 || failure.status === 403 || failure.status === 404) &&
    failure.code !== "conflict.busy"
  );
}
