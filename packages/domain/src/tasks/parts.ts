import type { Limits } from "@omoios/contracts/limits";
import type { Clock } from "@omoios/kernel/clock";
import type { Commit } from "../commit.ts";
import type { LaneHint, PulseStore, ReadyLanes, Store, Timers } from "../store.ts";
import type { LaneBook } from "./lane-book.ts";
import type { LaneWatch } from "./lane-watch.ts";

/** What the verbs of the tasks room work with. */
export interface TaskParts {
  store: Store;
  commit: Commit;
  lanes: ReadyLanes;
  pulse: PulseStore;
  timers: Timers;
  limits: Limits;
  /** For those who wait within a request; decisions take their time from the context. */
  clock: Clock;
  /** Hints of lanes, up to `hint_cache_ms` old. */
  hintsOf(lanes: readonly string[]): Promise<ReadonlyMap<string, LaneHint>>;
  sleep(ms: number): Promise<void>;
  book: LaneBook;
  watch: LaneWatch;
  /** Whether claims of the stage are paused; may be a moment old. */
  isPaused(): Promise<boolean>;
}
