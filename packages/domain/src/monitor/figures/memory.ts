import type { Hour } from "../service-levels.ts";
import type { Tally } from "./tally.ts";

/** What the sweep remembers from one minute to the next. */
export interface SweepMemory {
  /** Totals as they were when they were last sampled, by `<scope>#<figure>`. */
  sampled: Readonly<Record<string, number>>;
  /** Agents that were active, and all that should be. */
  availability: readonly Hour[];
  /** Tasks that completed, and all that ended. */
  success: readonly Hour[];
  /** What the last sweep saw: agents that are active, that are silent or DEGRADED, that have failed; tasks stuck; tickets blocked. */
  fleet?: { active: number; stale: number; failed: number; stuck: number; blocked: number };
  /** Gauges as CloudWatch was last told them. */
  told?: Readonly<Record<string, number>>;
  version: number;
}

export const NEW_MEMORY: SweepMemory = { sampled: {}, availability: [], success: [], version: 0 };

/** The plane's sums with what the sweep remembers of them, in one read. */
export interface FigureStore {
  read(): Promise<{ tallies: Tally[]; memory: SweepMemory }>;
  /** Writes under the version that was read. Throws `Stale`. */
  remember(memory: SweepMemory): Promise<void>;
}
