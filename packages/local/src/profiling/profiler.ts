import type { Profiler } from "node:inspector";
import { Session } from "node:inspector/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Invocations } from "./invocations.ts";
import { onlyWithin } from "./only-within.ts";

/** Dense enough for an invocation of a few milliseconds. */
const SAMPLE_EVERY_US = 250;

export interface FunctionProfile {
  invocations: number;
  /** What DevTools opens as a `.cpuprofile`. */
  profile: Profiler.Profile;
}

/** The steady clock in µs, by which V8 tells a profile. */
export const steadyNow = (): number => Number(process.hrtime.bigint() / 1000n);

/** Profiles this process for a while, and shows what it did while the function was at work. */
export async function profileFunction(
  invocations: Invocations,
  name: string,
  { ms, signal }: { ms: number; signal: AbortSignal },
): Promise<FunctionProfile> {
  const session = new Session();
  session.connect();
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: SAMPLE_EVERY_US });
    await session.post("Profiler.start");
    const noted = invocations.note(name);
    // Whoever asked and went away does not keep the next one waiting.
    await sleep(ms, undefined, { signal }).catch(() => undefined);
    const stretches = noted();
    const { profile } = await session.post("Profiler.stop");
    return { invocations: stretches.length, profile: onlyWithin(profile, stretches) };
  } finally {
    session.disconnect();
  }
}
