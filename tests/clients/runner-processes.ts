import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A daemon by setsid, a child that ignores SIGTERM, a double fork whose parent is gone, and a shell that ignores SIGTERM itself. */
export const STUBBORN_TREE = `
  setsid sh -c 'trap "" TERM; while :; do sleep 1000; done' > /dev/null 2>&1 &
  sh -c 'trap "" TERM INT HUP; sleep 1000' > /dev/null 2>&1 &
  (setsid sh -c '(sh -c "trap \\"\\" TERM; sleep 1000 & wait; sleep 1000" &) ; exit 0' > /dev/null 2>&1 &)
  trap "" TERM
  echo planted
`;

/** How many processes the tree has at least, its shell counted. */
export const STUBBORN_PROCESSES = 5;

/** Processes that carry the marker of an attempt at the task, as the operating system's own tool lists them. */
export function processesOf(task_id: string): string[] {
  const list = execFileSync("ps", ["axeww", "-o", "pid=,stat=,command="], { encoding: "utf8", maxBuffer: 1 << 26 });
  return list
    .split("\n")
    .filter((line) => new RegExp(`OMOI_RUN=[0-9a-f]+\\.${task_id}\\.`).test(line))
    .filter((line) => !/^\s*\d+\s+Z/.test(line));
}

interface AwayProcess {
  /** Starts it: without the marker, out of the group and no descendant of anybody, but with the command's output in its hands. */
  command: string;
  lives(): boolean;
  end(): void;
}

/** A process that gets away from its attempt and holds the output open; it ends itself after five minutes, longer than any test waits. */
export function awayWithOutput(folder: string): AwayProcess {
  const pid_file = join(folder, "away.pid");
  const signal = (name: NodeJS.Signals | 0) => process.kill(Number(readFileSync(pid_file, "utf8")), name);
  return {
    command: `(env -i setsid sh -c 'echo $$ > "${pid_file}.new"; mv "${pid_file}.new" "${pid_file}"; exec sleep 300' &)
      while [ ! -e "${pid_file}" ]; do sleep 0.02; done`,
    lives: () => existsSync(pid_file) && signal(0),
    end: () => void signal("SIGKILL"),
  };
}
