import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * The command line of a living process; `undefined` where there is none, or where it ended and nobody has collected it yet
 * (a signal still reaches such a zombie, so that asking by signal alone would take it for alive).
 */
export function commandOf(pid: number): string | undefined {
  const command = process.platform === "linux" ? fromProc(pid) : fromPs(pid);
  return command === "" ? undefined : command;
}

/** Ends a process at once, and waits until it is gone. */
export async function endProcess(pid: number): Promise<void> {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (codeOf(error) !== "ESRCH") throw error;
  }
  while (commandOf(pid) !== undefined) await sleep(10);
}

/** The code of a system error, such as `ENOENT`; `undefined` for anything else. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function fromProc(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch (error) {
    // ESRCH: it ended while its file was read.
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ESRCH") return "";
    throw error;
  }
}

function fromPs(pid: number): string {
  try {
    const line = execFileSync("ps", ["-o", "stat=,args=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return line.startsWith("Z") ? "" : line.slice(line.indexOf(" ") + 1).trim();
  } catch (error) {
    // ps answers 1 where no process has that number.
    if (error instanceof Error && "status" in error && error.status === 1) return "";
    throw error;
  }
}
