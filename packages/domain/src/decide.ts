import { Problem } from "@omoios/kernel/problem";
import { DECIDE_TRIES, Stale } from "./commit.ts";

/**
 * Loads, decides and commits again while others change the same rows. Each try loads anew, so each decision is about what is there.
 * Throws `conflict.busy` when the rows do not come to rest.
 */
export async function untilSettled<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      if (tries >= DECIDE_TRIES) {
        throw new Problem("conflict.busy", { detail: error.message, extra: { retry_after_ms: 200 }, cause: error });
      }
    }
  }
}

/** Whether the work went through; not so when another process wrote one of its rows in this moment. */
export async function unlessStale(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof Stale)) throw error;
    return false;
  }
}
