import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import * as z from "zod";

const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;

const stage = z.object({ url: z.string(), api_key: z.string(), pid: z.int() });
export type Stage = z.infer<typeof stage>;

export interface PlaneOptions {
  data_dir: string;
  port: number;
  /** Limits of `config/limits.yaml` for this start, as `OMOI_LIMITS__…`. */
  env: Record<string, string>;
}

/** A plane that runs as a process of its own, as a user starts it. */
export interface Plane {
  readonly stage: Stage;
  /** Ends it as a power cut would: no handler of it runs. */
  kill(): Promise<void>;
  /** Asks it to end, as Ctrl-C does. */
  stop(): Promise<void>;
}

/** Starts a plane by `npm start` and waits until it answers. Throws with the last lines of its log where it does not. */
export async function startPlane({ data_dir, port, env }: PlaneOptions): Promise<Plane> {
  mkdirSync(data_dir, { recursive: true });
  const before = readStage(data_dir)?.pid;
  const log = join(data_dir, "plane.log");
  const output = openSync(log, "a");
  const args = ["start", "--silent", "--", "--port", String(port), "--data-dir", data_dir];
  const child = spawn("npm", args, {
    cwd: PROJECT,
    env: { ...process.env, ...env },
    stdio: ["ignore", output, output],
    detached: true,
  });
  closeSync(output);
  const ready = await waitUntilReady(data_dir, before, child);
  if (ready === undefined) {
    killGroup(child);
    throw new Error(`the plane did not start; the end of ${log}:\n${readFileSync(log, "utf8").slice(-2_000)}`);
  }
  return {
    stage: ready,
    kill: async () => {
      process.kill(ready.pid, "SIGKILL");
      await ended(child);
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      process.kill(ready.pid, "SIGINT");
      const limit = AbortSignal.timeout(STOP_LIMIT_MS);
      await ended(child, limit).catch(() => killGroup(child));
    },
  };
}

/** What a data directory says about its plane; `undefined` where none was ready there. */
export function readStage(dataDir: string): Stage | undefined {
  const file = join(dataDir, "stage.json");
  if (!existsSync(file)) return undefined;
  const parsed = stage.safeParse(parseJson(readFileSync(file, "utf8")));
  return parsed.success ? parsed.data : undefined;
}

/** Whether a plane answers there. */
export async function answers({ url }: Stage): Promise<boolean> {
  try {
    return (await fetch(`${url}/api/v1/health`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    // Nobody listens, or not yet: that is the answer.
    return false;
  }
}

async function waitUntilReady(dataDir: string, before: number | undefined, child: ChildProcess) {
  const limit = AbortSignal.timeout(START_LIMIT_MS);
  while (!limit.aborted && child.exitCode === null && child.signalCode === null) {
    const found = readStage(dataDir);
    if (found !== undefined && found.pid !== before && (await answers(found))) return found;
    await sleep(50);
  }
  return undefined;
}

async function ended(child: ChildProcess, signal?: AbortSignal): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await once(child, "exit", signal === undefined ? {} : { signal });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  process.kill(-child.pid, "SIGKILL");
}

/** A file that is being written does not parse yet. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
