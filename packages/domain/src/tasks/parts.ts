import type { Limits } from "@omoios/contracts/limits";
import type { TaskContext } from "@omoios/contracts/views/task";
import type { Clock } from "@omoios/kernel/clock";
import type { Commit } from "../commit.ts";
import type { PulseStore, ReadyLanes, Store, Timers } from "../store.ts";
import type { CachedHints } from "./hint-cache.ts";
import type { LaneBook } from "./lane-book.ts";
import type { LaneWatch } from "./lane-watch.ts";

/** Writes a line into the structured log, for people to read. */
export type Notice = (message: string, fields: Record<string, unknown>) => void;

/** What of a context is one task's own: feedback, answers, and what came of its dependencies and attempts before. */
export type OwnContext = Pick<TaskContext, "notes" | "handoffs" | "feedback" | "errors">;

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
  workHints: CachedHints;
  sleep(ms: number): Promise<void>;
  book: LaneBook;
  watch: LaneWatch;
  /** A ticket's context with a task's own in it, the whole of it within the ticket's budget. */
  fitContext(ticket: TaskContext, own: OwnContext): TaskContext;
  /** Absent where nobody reads the log; what only serves a notice is then not looked up. */
  notice?: Notice | undefined;
  /** Whether claims of the stage are paused; may be a moment old. */
  isPaused(): Promise<boolean>;
  /** Lanes that nothing is taken from; as old. */
  pausedLanes(): Promise<ReadonlySet<string>>;
}
