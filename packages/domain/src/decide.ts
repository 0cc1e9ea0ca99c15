import { backoffMs } from "@omoios/kernel/backoff";
import { Problem } from "@omoios/kernel/problem";
import type { Random } from "@omoios/kernel/random";
import { DECIDE_TRIES, Stale } from "./commit.ts";

/** How often something is tried, and what is waited for before the next time. */
export interface Patience {
  tries: number;
  /** @param made tries made by now, from 1 */
  pause(made: number): Promise<void>;
}

const AT_ONCE: Patience = { tries: DECIDE_TRIES, pause: async () => undefined };

/** Who finds another at the same row waits at random before it loads again. */
const BUSY = { base_ms: 15, cap_ms: 500, jitter: 0.9 };
const BUSY_TRIES = 13;

/** For rows that many change in one moment: each time it waits longer, some seconds in all. */
export const patiently = (sleep: (ms: number) => Promise<void>, random: Random): Patience => ({
  tries: BUSY_TRIES,
  pause: (made) => sleep(backoffMs(BUSY, made - 1, random)),
});

/**
 * Loads, decides and commits again while others change the same rows. Each try loads anew, so each decision is about what is there.
 * Throws `conflict.busy` when the rows do not come to rest.
 */
export async function untilSettled<T>(work: () => Promise<T>, { tries: most, pause } = AT_ONCE): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      if (tries >= most) throw busy(error);
      await pause(tries);
    }
  }
}

/** That rows do not come to rest: whoever asked may ask again. */
export const busy = (error: Stale): Problem =>
  new Problem("conflict.busy", { detail: error.message, extra: { retry_after_ms: 200 }, cause: error });

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
