import { execFileSync } from "node:child_process";

/**
 * Ends a process and all that descend from it, at once and without asking: what a crash of their machine does.
 * The root is stopped first, so that it starts nothing while its tree is read.
 */
export function killTree(root: number): void {
  if (!signal(root, "SIGSTOP")) return;
  for (const pid of [...descendantsOf(root, processTable()), root]) signal(pid, "SIGKILL");
}

/** All processes as `[pid, parent]`. */
function processTable(): [number, number][] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  return lines.map((line) => {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    return [pid, parent];
  });
}

/** Parents before their children. */
export function descendantsOf(root: number, table: [number, number][]): number[] {
  const children = table.filter(([, parent]) => parent === root).map(([pid]) => pid);
  return children.flatMap((pid) => [pid, ...descendantsOf(pid, table)]);
}

/** False where the process is gone already. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}
