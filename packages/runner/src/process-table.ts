import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

/** A living process. Zombies are left out: they are gone but for their entry. */
export interface ProcessRow {
  pid: number;
  ppid: number;
  pgid: number;
  /** Value of `OMOI_RUN` in the environment that the process was started with. */
  run: string | undefined;
}

/** Every process whose rows this user may read. */
export async function readProcessTable(): Promise<ProcessRow[]> {
  return process.platform === "linux" ? readProc() : parsePs(await askPs());
}

function readProc(): ProcessRow[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(readProcEntry)
    .filter((row) => row !== undefined);
}

function readProcEntry(name: string): ProcessRow | undefined {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, "utf8");
    // The command's name stands in brackets and may hold brackets and spaces itself.
    const [state, ppid, pgid] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z" || state === "X") return undefined;
    return { pid: Number(name), ppid: Number(ppid), pgid: Number(pgid), run: readRun(name) };
  } catch {
    // The process ended between the listing and the look at it.
    return undefined;
  }
}

function readRun(name: string): string | undefined {
  try {
    const environment = readFileSync(`/proc/${name}/environ`, "utf8").split("\0");
    return environment.find((entry) => entry.startsWith("OMOI_RUN="))?.slice("OMOI_RUN=".length);
  } catch {
    // Another user's process: none of our attempts can have started it without more rights than we have.
    return undefined;
  }
}

/** `-E` shows environments on macOS and the BSDs; Linux does not come here. */
async function askPs(): Promise<string> {
  const args = ["-axEww", "-o", "pid=,ppid=,pgid=,stat=,command="];
  const { stdout } = await promisify(execFile)("ps", args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** Reads lines of `pid ppid pgid state command and environment`. */
export function parsePs(text: string): ProcessRow[] {
  return text
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .filter((found) => found !== null)
    .filter(([, , , , state]) => state !== undefined && !state.startsWith("Z"))
    .map(([, pid, ppid, pgid, , words]) => ({
      pid: Number(pid),
      ppid: Number(ppid),
      pgid: Number(pgid),
      run: /(?:^|\s)OMOI_RUN=(\S+)/.exec(words ?? "")?.[1],
    }));
}
