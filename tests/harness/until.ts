import { setTimeout as sleep } from "node:timers/promises";

export interface UntilOptions {
  timeout_ms?: number;
  /** Pause between two looks. */
  every_ms?: number;
}

/** Only ends what never comes: a machine that is many times slower than ours still has the time. */
const WIDE_MS = 120_000;

/**
 * Looks until there is something to see, and gives it.
 * @param what names it in the error, with what was seen last where `look` tells by throwing
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  { timeout_ms = WIDE_MS, every_ms = 100 }: UntilOptions = {},
): Promise<T> {
  const end = performance.now() + timeout_ms;
  let last = "";
  for (;;) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      last = ` Last seen: ${error.message}`;
    }
    if (performance.now() > end)
      throw new Error(`Within ${timeout_ms / 1000} s it did not happen that ${what}.${last}`);
    await sleep(every_ms);
  }
}

/** Looks until what `check` expects holds, and gives what it gives. @throws what it threw last, where that never comes */
export async function untilHolds<T>(
  check: () => T | Promise<T>,
  { timeout_ms = WIDE_MS, every_ms = 100 }: UntilOptions = {},
): Promise<T> {
  const end = performance.now() + timeout_ms;
  for (;;) {
    try {
      return await check();
    } catch (failure) {
      if (performance.now() > end) throw failure;
    }
    await sleep(every_ms);
  }
}

/** Thrown by a look that has not seen it yet, to say what it saw instead. */
export class NotYet extends Error {
  override readonly name = "NotYet";
}
