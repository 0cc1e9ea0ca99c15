import { wait } from "@omoios/sdk/wait";
import { type ProcessRow, readProcessTable } from "./process-table.ts";

/** What belongs to an attempt: whatever carries its marker, whatever is in its process group, and all their descendants. */
export interface TreeMark {
  /** Value of `OMOI_RUN`. */
  run: string;
  /** The group of the attempt's shell, while it may still stand for it. */
  pgid?: number;
}

const LOOK_EVERY_MS = 50;
const GIVE_UP_AFTER_KILL_MS = 10_000;

/** The members of an attempt's tree, whatever group, session or parent they went to. Pure. */
export function treeMembers(table: ProcessRow[], { run, pgid }: TreeMark, self: number): number[] {
  const members = new Set(
    table.filter((row) => row.run === run || (pgid !== undefined && row.pgid === pgid)).map((row) => row.pid),
  );
  for (let before = -1; before !== members.size; ) {
    before = members.size;
    for (const row of table) if (members.has(row.ppid)) members.add(row.pid);
  }
  members.delete(self);
  return [...members];
}

/**
 * Ends an attempt's tree: SIGTERM to each member, SIGKILL to what is left after the grace, again and again until a look finds
 * nobody. The grace, in milliseconds, is asked at each look, so that it can be cut short. Answers how many processes it met. Throws where something outlives SIGKILL for 10 s.
 */
export async function endTree(mark: TreeMark, graceMs: () => number): Promise<number> {
  const started = performance.now();
  const told = new Set<number>();
  for (;;) {
    const members = treeMembers(await readProcessTable(), mark, process.pid);
    if (members.length === 0) return told.size;
    const elapsed = performance.now() - started;
    const grace_ms = graceMs();
    if (elapsed > grace_ms + GIVE_UP_AFTER_KILL_MS) {
      throw new Error(`processes ${members.join(", ")} of ${mark.run} do not end`);
    }
    const kill = elapsed >= grace_ms;
    for (const pid of members) {
      if (kill || !told.has(pid)) signal(pid, kill ? "SIGKILL" : "SIGTERM");
      told.add(pid);
    }
    await wait(LOOK_EVERY_MS);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // ESRCH: it ended by itself in between. EPERM: it took another user's rights; the next look meets it again and gives up aloud.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
