import type { ClaimedTask } from "@omoios/contracts/views/task";
import { fromRfc3339 } from "@omoios/kernel/clock";
import type { Agent } from "@omoios/sdk/agent";
import { type AttemptFolder, makeAttemptFolder, removeAttemptFolder } from "./attempt-folder.ts";
import { judgeAttempt, type StopReason } from "./attempt-outcome.ts";
import { handIn, type Outcome } from "./attempt-report.ts";
import { type CommandExit, startCommand } from "./command-process.ts";
import { isLeaseGone } from "./delivery.ts";
import { LastLines } from "./last-lines.ts";
import { endTree } from "./process-tree.ts";
import { parseProgressLine } from "./progress-line.ts";
import { type ProgressReporter, progressReporter, type Told } from "./progress-reporter.ts";
import { parseQuietLine } from "./quiet-line.ts";
import { BadResultFile, readResultFile } from "./result-file.ts";
import type { RunnerEvent } from "./runner-event.ts";
import { silenceWatch } from "./silence-watch.ts";
import { wordsOf } from "./words.ts";

/** How long the output is read on once no process of the tree is left: only one that got away can still hold it open. */
const DRAIN_MS = 1_000;

export interface AttemptOptions {
  agent: Agent;
  task: ClaimedTask;
  command: string;
  url: string;
  workdir: string;
  runner_id: string;
  grace_ms: number;
  silence_seconds: number | undefined;
  keep_workdir: boolean;
  /** A call begins: gives what hears which tasks its answer says to stop. */
  listen: () => (taskIds: readonly string[]) => void;
  /** The command has announced silence. */
  onQuiet: () => void;
  /** Raised when words about the task are no longer worth repeating. */
  giveUp: AbortSignal;
  log: (event: RunnerEvent) => void;
}

/** One task under one fence: from the claim to the last process, the last word and the last file. */
export class Attempt {
  readonly task: ClaimedTask;
  readonly #options: AttemptOptions;
  readonly #run: string;
  readonly #output = new LastLines();
  readonly #stopped: Promise<void>;
  #raiseStop: () => void = () => undefined;
  #stop: StopReason | undefined;
  #grace_ms: number;
  #quiet_until: number | undefined;

  constructor(options: AttemptOptions) {
    this.#options = options;
    this.task = options.task;
    this.#run = `${options.runner_id}.${options.task.task_id}.${options.task.fence}`;
    this.#grace_ms = options.grace_ms;
    this.#stopped = new Promise((resolve) => {
      this.#raiseStop = resolve;
    });
  }

  /** Until when the command said that it would be quiet; whatever it says after that ends it. */
  get quiet_until(): number | undefined {
    return this.#quiet_until;
  }

  /** Ends the command before its time. The first reason counts. */
  stop(reason: StopReason): void {
    this.#stop ??= reason;
    this.#raiseStop();
  }

  /** Ends the command at once, without grace. */
  kill(reason: StopReason): void {
    this.#grace_ms = 0;
    this.stop(reason);
  }

  /** Works the task to its end and answers what came of it. When it answers, no process and, unless kept, no file is left. */
  async work(): Promise<Outcome> {
    const { agent, task, giveUp, workdir, keep_workdir } = this.#options;
    const folder = await makeAttemptFolder(workdir, task, this.#run);
    try {
      const { exit, stop } = await this.#runCommand(folder);
      const report = judgeAttempt(stop, exit, await this.#readResult(folder), this.#output);
      return await handIn(agent, task, report, giveUp);
    } finally {
      if (!keep_workdir) await removeAttemptFolder(folder);
    }
  }

  async #runCommand(folder: AttemptFolder): Promise<{ exit: CommandExit; stop: StopReason | undefined }> {
    const { command, url, task, silence_seconds } = this.#options;
    const reporter = this.#reporter();
    const silence = silenceWatch(silence_seconds, (text) => this.stop({ why: "silent", text }));
    const limit = setTimeout(
      () => this.stop({ why: "timed_out", text: `longer than its ${task.timeout_seconds} s` }),
      task.timeout_seconds * 1000,
    );
    const onLine = (line: string, stream: "stdout" | "stderr") => {
      const quiet = stream === "stdout" ? parseQuietLine(line) : undefined;
      this.#quiet_until = quiet === undefined ? undefined : Date.now() + quiet * 1000;
      if (quiet === undefined) {
        silence.heard();
        this.#heard(line, stream, reporter);
        return;
      }
      silence.quiet(quiet);
      reporter.output(line);
      this.#options.onQuiet();
    };
    const shell = startCommand({ command, task, folder, run: this.#run, url, onLine });
    try {
      await Promise.race([shell.exited, this.#stopped]);
      // A command that has ended by itself is judged by its exit, whatever is asked of it from now on.
      const stop = this.#stop;
      clearTimeout(limit);
      silence.stop();
      const mark = { run: this.#run, ...(shell.pgid === undefined ? {} : { pgid: shell.pgid }) };
      await endTree(mark, () => this.#grace_ms);
      await shell.drain(DRAIN_MS);
      return { exit: await shell.exited, stop };
    } finally {
      clearTimeout(limit);
      silence.stop();
      await reporter.stop();
    }
  }

  #heard(line: string, stream: "stdout" | "stderr", reporter: ProgressReporter): void {
    const progress = stream === "stdout" ? parseProgressLine(line) : undefined;
    if (progress === undefined) {
      this.#output.add(line, stream);
      reporter.output(line);
      return;
    }
    reporter.progress(line, progress);
    const text = `${progress.percent} %${progress.note === undefined ? "" : ` ${progress.note}`}`;
    this.#options.log({ kind: "progress", task_id: this.task.task_id, text });
  }

  #reporter(): ProgressReporter {
    const { agent, task } = this.#options;
    const expires_at = fromRfc3339(task.lease_expires_at) ?? 0;
    return progressReporter({
      lease_ms: Math.max(1_000, expires_at - agent.now()),
      send: (progress) => this.#tellProgress(progress),
    });
  }

  async #tellProgress(progress: Told): Promise<void> {
    const { agent, task, listen, log, giveUp: signal } = this.#options;
    const stopTasks = listen();
    try {
      const body = { fence: task.fence, ...progress };
      const reply = await agent.client.progressTask({ params: { task_id: task.task_id }, body }, { signal });
      if (reply.action === "stop") this.stop({ why: "lease_lost", text: "the plane said stop" });
      stopTasks(reply.stop_tasks);
    } catch (failure) {
      const text = wordsOf(failure);
      if (isLeaseGone(failure)) this.stop({ why: "lease_lost", text });
      else log({ kind: "trouble", task_id: task.task_id, text });
    }
  }

  async #readResult(folder: AttemptFolder) {
    try {
      return await readResultFile(folder.result_file);
    } catch (fault) {
      if (fault instanceof BadResultFile) return fault;
      throw fault;
    }
  }
}
