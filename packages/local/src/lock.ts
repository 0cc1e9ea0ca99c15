import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readIfThere } from "./private-file.ts";
import { codeOf, commandOf } from "./processes.ts";
import { StartError } from "./start-error.ts";

/**
 * Keeps a data directory for this process. A lock that a killed plane left is taken over.
 * @returns what gives it back
 * @throws StartError while another living plane holds it.
 */
export function lockDirectory(dataDir: string): () => void {
  const path = join(dataDir, "plane.pid");
  // The command line tells a plane from a stranger who got its number after a restart of the machine.
  const holder = JSON.stringify({ pid: process.pid, command: commandOf(process.pid) });
  while (!take(path, holder)) {
    const { pid, command } = parse(readIfThere(path));
    if (command !== undefined && commandOf(pid) === command) {
      throw new StartError(
        `A plane runs on ${dataDir} already (process ${pid}): end it first, or give another --data-dir.`,
      );
    }
    rmSync(path, { force: true });
  }
  return () => rmSync(path, { force: true });
}

function take(path: string, holder: string): boolean {
  try {
    writeFileSync(path, holder, { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** A lock cut short by a kill names nobody. */
function parse(text = ""): { pid: number; command?: string } {
  try {
    return JSON.parse(text);
  } catch {
    return { pid: 0 };
  }
}
