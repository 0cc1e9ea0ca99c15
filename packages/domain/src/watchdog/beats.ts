import type { Instant } from "@omoios/kernel/clock";

/** When a part of the sweep last ran through, and what came of it. */
interface Beat {
  at: Instant;
  duration_ms: number;
  /** How far it came, in its own words. */
  reached: string;
}

/** What the sweep leaves behind each minute: its parts by their names. `sweep` is the sweep as a whole. */
export type SweepBeats = Readonly<Record<string, Beat>>;

/** Where the beats are kept: one row, in the table without stream. */
export interface Beats {
  load(): Promise<SweepBeats | undefined>;
  /** The last writer wins: two sweeps at a time saw the same minute. */
  save(beats: SweepBeats): Promise<void>;
}

/** A part of a sweep that was run: what it says of itself, or nothing where it failed. */
export interface PartRun {
  part: string;
  duration_ms: number;
  reached: string | undefined;
}

/** The part that stands for the whole. */
export const WHOLE = "sweep";

/** What is said of a part that has failed since it was first run: it is late by that moment. */
const NOT_YET = "it has not run through yet";

/** The beats after a sweep. A part that failed keeps its old beat. */
export function beatsAfter(before: SweepBeats, runs: readonly PartRun[], began_at: Instant, now: Instant): SweepBeats {
  const failed = runs.filter(({ reached }) => reached === undefined).map(({ part }) => part);
  const whole = failed.length === 0 ? "all parts ran through" : `failed: ${failed.join(", ")}`;
  const own = runs.flatMap(({ part, duration_ms, reached }) =>
    reached === undefined ? [] : [[part, { at: now, duration_ms, reached }] as const],
  );
  const left = runs.map(
    ({ part }) => [part, before[part] ?? { at: began_at, duration_ms: 0, reached: NOT_YET }] as const,
  );
  return {
    ...Object.fromEntries([...left, ...own]),
    [WHOLE]: { at: now, duration_ms: now - began_at, reached: whole },
  };
}

/** The parts whose beat is older than it may be. */
export function lateParts(beats: SweepBeats, now: Instant, late_ms: number): string[] {
  return Object.entries(beats)
    .filter(([, { at }]) => now - at > late_ms)
    .map(([part]) => part);
}
