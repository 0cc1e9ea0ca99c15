import type { RunnerOptions } from "./options.ts";
import { Runner } from "./runner.ts";
import type { RunSummary } from "./runner-event.ts";

export interface AgentRun {
  /** When the last task is handed in or back and nothing runs any more. Rejects where the plane refuses the registration. */
  finished: Promise<RunSummary>;
  /** Takes no more tasks, ends those that run, and hands them back with this reason. */
  stop(reason: string): void;
  /** Ends everything at once: SIGKILL to every tree, no more words to the plane. Resolves when no process is left. */
  kill(): Promise<void>;
}

/** Works a command as an agent until it is stopped, or has done what `once` or `max_tasks` ask. */
export function runAgent(options: RunnerOptions): AgentRun {
  const runner = new Runner(options);
  return {
    finished: runner.run(),
    stop: (reason) => runner.stop(reason),
    kill: () => runner.kill(),
  };
}
