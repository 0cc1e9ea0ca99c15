import { spawn } from "node:child_process";
import type { ClaimedTask } from "@omoios/contracts/views/task";
import type { AttemptFolder } from "./attempt-folder.ts";
import { lineSplitter } from "./line-splitter.ts";

export interface CommandExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Set where the command could not be started at all. */
  error?: Error;
}

export interface CommandProcess {
  /** The shell's process group, `undefined` where nothing was started. */
  pgid: number | undefined;
  /** When the shell has ended. What it left behind may still live and hold its output open. */
  exited: Promise<CommandExit>;
  /**
   * Resolves when every line has been handed on: when nobody holds the output open any more, and `within_ms` from now at the
   * latest, as a process that got away may hold it for ever. What still comes then is not read: its writer meets a closed pipe.
   */
  drain(within_ms: number): Promise<void>;
}

interface CommandOptions {
  command: string;
  task: ClaimedTask;
  folder: AttemptFolder;
  run: string;
  url: string;
  onLine: (line: string, stream: "stdout" | "stderr") => void;
}

/** Starts a command for a task in a process group and session of its own, the task on its standard input. */
export function startCommand({ command, task, folder, run, url, onLine }: CommandOptions): CommandProcess {
  const child = spawn("/bin/sh", ["-c", command], {
    cwd: folder.work,
    env: environmentOf(task, folder, run, url),
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A command need not read its input: a closed pipe (EPIPE) is no fault.
  child.stdin.on("error", () => undefined);
  child.stdin.end(JSON.stringify(task));
  for (const stream of ["stdout", "stderr"] as const) {
    const lines = lineSplitter((line) => onLine(line, stream));
    child[stream].setEncoding("utf8").on("data", lines.push).on("close", lines.end);
  }
  const exited = new Promise<CommandExit>((resolve) => {
    child.on("error", (error) => resolve({ code: null, signal: null, error }));
    child.on("exit", (code, signal) => resolve({ code, signal }));
  });
  const drained = new Promise<void>((resolve) => {
    child.on("error", () => resolve());
    child.on("close", () => resolve());
  });
  return { pgid: child.pid, exited, drain };

  async function drain(within_ms: number): Promise<void> {
    const close = () => {
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const late = setTimeout(close, within_ms);
    await drained;
    clearTimeout(late);
  }
}

/** The runner's own environment without the operator's key, which is none of the command's business. */
function environmentOf(task: ClaimedTask, folder: AttemptFolder, run: string, url: string): NodeJS.ProcessEnv {
  const { OMOI_API_KEY: _, ...inherited } = process.env;
  return {
    ...inherited,
    OMOI_URL: url,
    OMOI_TASK_ID: task.task_id,
    OMOI_FENCE: String(task.fence),
    OMOI_WORKDIR: folder.work,
    OMOI_TASK_FILE: folder.task_file,
    OMOI_RESULT_FILE: folder.result_file,
    OMOI_RUN: run,
  };
}
