import type { PartRun } from "@omoios/domain/watchdog/beats";
import type { Clock } from "@omoios/kernel/clock";

/** The parts of a sweep by their names; each tells how far it came. */
export type SweepParts = Readonly<Record<string, () => Promise<string>>>;

/** Runs parts side by side. One that fails keeps no other from its work. */
export async function timedParts(parts: SweepParts, clock: Clock): Promise<{ runs: PartRun[]; failed: unknown[] }> {
  const failed: unknown[] = [];
  const run = async ([part, work]: [string, () => Promise<string>]): Promise<PartRun> => {
    const began_at = clock.now();
    const reached = await work().catch((error: unknown) => {
      failed.push(error);
      return undefined;
    });
    return { part, duration_ms: clock.now() - began_at, reached };
  };
  return { runs: await Promise.all(Object.entries(parts).map(run)), failed };
}
