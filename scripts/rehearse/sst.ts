import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endGroup } from "./process-group.ts";

/** A deployment takes half a minute; one that hangs is ended. */
const WITHIN_MS = 240_000;
const LAST_LINES = 40;

export interface SstOptions {
  root: string;
  /** Another file of settings than `config/stages.yaml`. */
  stages_file?: string;
}

/**
 * Runs `sst deploy` or `sst remove` for a stage.
 * @throws with its last lines when it fails or hangs
 */
export async function sst(command: "deploy" | "remove", stage: string, options: SstOptions): Promise<void> {
  const { child, ended, said } = start(command, stage, options);
  const timer = setTimeout(() => endGroup(child), WITHIN_MS);
  const code = await ended;
  clearTimeout(timer);
  if (code === 0) return;
  const why = code === null ? `was ended after ${WITHIN_MS / 1000} s` : `failed with code ${code}`;
  throw new Error(`sst ${command} ${why}. It said:\n${said()}`);
}

/**
 * Starts `sst deploy` and kills it, with all that it started, as soon as it is time.
 * @throws when it ended before
 */
export async function killedDeploy(stage: string, options: SstOptions, isTime: () => Promise<boolean>): Promise<void> {
  const { child, ended, said } = start("deploy", stage, options);
  try {
    while (!(await isTime())) {
      if (child.exitCode !== null) throw new Error(`sst deploy ended before it could be killed. It said:\n${said()}`);
      await sleep(50);
    }
  } finally {
    endGroup(child);
  }
  await ended;
}

function start(command: string, stage: string, { root, stages_file }: SstOptions) {
  const child: ChildProcess = spawn(process.execPath, [sstCommand(), command, "--stage", stage], {
    cwd: root,
    env: { ...process.env, ...(stages_file ? { OMOI_STAGES_FILE: stages_file } : {}) },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (part) => (text += part));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, ended, said: () => text.trimEnd().split("\n").slice(-LAST_LINES).join("\n") };
}

function sstCommand(): string {
  const manifest = createRequire(import.meta.url).resolve("sst/package.json");
  const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
  return join(dirname(manifest), bin.sst);
}
