import { setTimeout as sleep } from "node:timers/promises";
import type { BenchPlane } from "./bench-plane.ts";

const LOOK_MS = 50;
const LIMIT_MS = 120_000;

/** Waits for a condition. Throws with its name when it does not come to hold. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limitMs = LIMIT_MS): Promise<void> {
  const started = performance.now();
  while (!(await holds())) {
    if (performance.now() - started > limitMs) throw new Error(`Waited ${limitMs / 1000} s in vain: ${what}`);
    await sleep(LOOK_MS);
  }
}

/** Waits until no function has been called for a while: everything that follows from what was done is done. */
export async function untilQuiet(plane: BenchPlane, forMs: number): Promise<void> {
  let seen = -1;
  let since = performance.now();
  await until("the plane comes to rest", () => {
    const now = plane.invocations.length + plane.busy();
    if (now !== seen || plane.busy() > 0) {
      seen = now;
      since = performance.now();
    }
    return performance.now() - since > forMs;
  });
}
