import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const BIN = join(import.meta.dirname, "../../packages/cli/bin/omoi.mjs");

/** A line of the runner's log, as `--json` tells it. */
interface LogLine {
  kind: string;
  task_id?: string;
  text: string;
}

export interface RunnerProcess {
  process: ChildProcess;
  /** What it told so far. */
  log: LogLine[];
  /** Its exit code and signal. */
  exited: Promise<[number | null, NodeJS.Signals | null]>;
}

/** `omoi agent run` as a process of its own, which tells in JSON what it does. */
export function startRunner(plane: { url: string; api_key: string }, args: readonly string[]): RunnerProcess {
  const runner = spawn(process.execPath, [BIN, "agent", "run", "--json", ...args], {
    env: { ...process.env, OMOI_URL: plane.url, OMOI_API_KEY: plane.api_key },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const log: LogLine[] = [];
  let rest = "";
  runner.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    log.push(...lines.map((line) => JSON.parse(line) as LogLine));
  });
  return { process: runner, log, exited: once(runner, "exit") as RunnerProcess["exited"] };
}
