import type { ClaimedTask } from "@omoios/contracts/views/task";
import { cutText } from "@omoios/kernel/cut-text";
import type { Agent } from "@omoios/sdk/agent";
import { Attempt } from "./attempt.ts";
import type { StopReason } from "./attempt-outcome.ts";
import { handIn, type Outcome } from "./attempt-report.ts";
import { LONGEST_MESSAGE } from "./failure-message.ts";
import { DEFAULT_GRACE_MS, type RunnerOptions } from "./options.ts";
import type { RunnerEvent, RunSummary } from "./runner-event.ts";
import { wordsOf } from "./words.ts";

interface AttemptsOptions {
  options: RunnerOptions;
  workdir: string;
  runner_id: string;
  giveUp: AbortSignal;
  /** A command has announced silence. */
  onQuiet: () => void;
  log: (event: RunnerEvent) => void;
}

/** The attempts that run, and the count of what came of those that have ended. */
export class RunningAttempts {
  readonly summary: RunSummary = { claimed: 0, completed: 0, failed: 0, released: 0, dropped: 0 };
  readonly #given: AttemptsOptions;
  /** A task may come back under a new fence while its old attempt is still being ended. */
  readonly #running = new Set<Attempt>();
  #waiting: (() => void)[] = [];

  constructor(given: AttemptsOptions) {
    this.#given = given;
  }

  get size(): number {
    return this.#running.size;
  }

  taskIds(): string[] {
    return [...new Set([...this.#running].map(({ task }) => task.task_id))];
  }

  /** Until when commands said that they would be quiet, the last of them. */
  quietUntil(): number | undefined {
    const moments = [...this.#running].flatMap(({ quiet_until }) => quiet_until ?? []);
    return moments.length === 0 ? undefined : Math.max(...moments);
  }

  /** Starts to work a task. It counts as running until its last process, word and file are done with. */
  start(task: ClaimedTask, agent: Agent): Attempt {
    const { options, log, ...rest } = this.#given;
    const attempt = new Attempt({
      ...rest,
      agent,
      task,
      log,
      listen: () => this.#listen(),
      command: options.command,
      url: options.url,
      grace_ms: options.grace_ms ?? DEFAULT_GRACE_MS,
      silence_seconds: options.silence_seconds,
      keep_workdir: options.keep_workdirs ?? false,
    });
    this.summary.claimed += 1;
    log({ kind: "claimed", task_id: task.task_id, text: task.title });
    this.#running.add(attempt);
    void this.#work(attempt, agent);
    return attempt;
  }

  /** Stops the attempts at these tasks, or all of them. */
  stop(reason: StopReason, taskIds?: readonly string[]): void {
    for (const attempt of this.#running) {
      if (taskIds === undefined || taskIds.includes(attempt.task.task_id)) attempt.stop(reason);
    }
  }

  /** Stops all attempts to hand them back. What is left of them after so long is ended at once, whatever grace the runner was given. */
  handBack(text: string, within_ms: number): void {
    const reason = { why: "handback", text } as const;
    this.stop(reason);
    const handed = [...this.#running];
    const end = () => {
      for (const attempt of handed) attempt.kill(reason);
    };
    setTimeout(end, within_ms).unref();
  }

  kill(reason: StopReason): void {
    for (const attempt of this.#running) attempt.kill(reason);
  }

  /** Waits until the next attempt has ended; at once where none runs. */
  async oneEnded(): Promise<void> {
    if (this.#running.size > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async allEnded(): Promise<void> {
    while (this.#running.size > 0) await this.oneEnded();
  }

  /** What an answer says to stop is meant for the attempts that ran when it was asked for: a task may have been claimed again since. */
  #listen(): (taskIds: readonly string[]) => void {
    const running = [...this.#running];
    return (taskIds) => {
      for (const attempt of running) {
        if (taskIds.includes(attempt.task.task_id)) attempt.stop({ why: "lease_lost", text: "the plane said stop" });
      }
    };
  }

  async #work(attempt: Attempt, agent: Agent): Promise<void> {
    const { task_id } = attempt.task;
    const { log } = this.#given;
    try {
      const { kind, text } = await this.#outcome(attempt, agent);
      this.summary[kind] += 1;
      log({ kind, task_id, text });
    } catch (failure) {
      this.summary.dropped += 1;
      log({ kind: "trouble", task_id, text: wordsOf(failure) });
    } finally {
      this.#running.delete(attempt);
      for (const tell of this.#waiting.splice(0)) tell();
    }
  }

  async #outcome(attempt: Attempt, agent: Agent): Promise<Outcome> {
    try {
      return await attempt.work();
    } catch (failure) {
      // The runner itself broke (a full disk, a process that does not end): the task says so, and the agent goes on.
      const message = cutText(`the runner: ${wordsOf(failure)}`, LONGEST_MESSAGE);
      this.#given.log({ kind: "trouble", task_id: attempt.task.task_id, text: message });
      const error = { message, kind: "runner", retryable: true };
      return handIn(agent, attempt.task, { verb: "fail", error, handoff: undefined }, this.#given.giveUp);
    }
  }
}
