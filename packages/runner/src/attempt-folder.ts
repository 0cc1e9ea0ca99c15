import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { ClaimedTask } from "@omoios/contracts/views/task";
import { endTree } from "./process-tree.ts";

/** Where one attempt lives. The command works in `work`; the other files lie beside it, out of its way. */
export interface AttemptFolder {
  root: string;
  work: string;
  task_file: string;
  result_file: string;
}

/** Not under a checkout: a command that asks git where it is must not find somebody else's repository. */
export function defaultWorkdir(): string {
  return join(tmpdir(), `omoi-work-${userInfo().username}`);
}

/** Makes the folder of an attempt, with the task in it, for this user alone. */
export async function makeAttemptFolder(workdir: string, task: ClaimedTask, run: string): Promise<AttemptFolder> {
  const root = join(workdir, `${task.task_id}-${task.fence}`);
  const folder = {
    root,
    work: join(root, "work"),
    task_file: join(root, "task.json"),
    result_file: join(root, "result.json"),
  };
  await rm(root, { recursive: true, force: true });
  await mkdir(folder.work, { recursive: true, mode: 0o700 });
  await writeFile(join(root, RUN_FILE), JSON.stringify({ run, runner_pid: process.pid }));
  await writeFile(folder.task_file, JSON.stringify(task, null, 2));
  return folder;
}

/** Removes an attempt's folder. Read-only files in it, as some tools leave them, do not stop that. */
export async function removeAttemptFolder({ root }: Pick<AttemptFolder, "root">): Promise<void> {
  await rm(root, { recursive: true, force: true, maxRetries: 3 });
}

const RUN_FILE = "run.json";

/**
 * Clears away what a runner left that was killed: ends the processes of its attempts and removes their folders. Folders whose
 * runner lives, and whatever else lies there, are not touched. Answers how many were cleared.
 */
export async function clearStaleAttempts(workdir: string, grace_ms: number): Promise<number> {
  await mkdir(workdir, { recursive: true, mode: 0o700 });
  let cleared = 0;
  for (const name of await readdir(workdir)) {
    const left = await readRunFile(join(workdir, name));
    if (left === undefined || isAlive(left.runner_pid)) continue;
    await endTree({ run: left.run }, () => grace_ms);
    await removeAttemptFolder({ root: join(workdir, name) });
    cleared += 1;
  }
  return cleared;
}

async function readRunFile(root: string): Promise<{ run: string; runner_pid: number } | undefined> {
  try {
    const { run, runner_pid } = JSON.parse(await readFile(join(root, RUN_FILE), "utf8"));
    return typeof run === "string" && typeof runner_pid === "number" ? { run, runner_pid } : undefined;
  } catch {
    // No folder of an attempt, or one whose making broke off before anything was started in it.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
