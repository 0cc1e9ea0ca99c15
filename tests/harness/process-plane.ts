import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "@omoios/local/ports";
import { program } from "./built/built.ts";
import { until } from "./until.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** As on planes in the test's process: most agents beat when they start, and no more. */
const PATIENT = { OMOI_LIMITS__HEARTBEAT_IDLE_SECONDS: "900", OMOI_LIMITS__HEARTBEAT_RUNNING_SECONDS: "900" };

export interface ProcessPlane {
  url: string;
  operator_key: string;
  data_dir: string;
  /**
   * Kills the process (`kill -9`) and starts another one, with these variables too, on the same port and directory.
   * @param down_ms how long there is none
   */
  restart(env?: Record<string, string>, down_ms?: number): Promise<void>;
  remove(): Promise<void>;
}

/**
 * The plane as `npm start` runs it: a process of its own, with these variables too, in a temporary directory.
 * @param config another configuration than the shipped one
 */
export async function startProcessPlane(given: Record<string, string> = {}, config = "config"): Promise<ProcessPlane> {
  const folder = mkdtempSync(join(tmpdir(), "omoi-restart-"));
  const port = await freePort();
  const stageFile = join(folder, "stage.json");
  const plane = await program("plane");
  let child: ChildProcess | undefined;

  const start = async (env: Record<string, string> = {}) => {
    const args = [plane, "--port", String(port), "--data-dir", folder, "--config", config];
    const begun = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, ...PATIENT, ...given, ...env },
      stdio: "ignore",
    });
    child = begun;
    return until("the plane was up", async () => {
      if (begun.exitCode !== null) throw new Error(`The plane ended with ${begun.exitCode}`);
      if (!existsSync(stageFile)) return undefined;
      const stage = JSON.parse(readFileSync(stageFile, "utf8")) as { url: string; api_key: string; pid: number };
      return stage.pid === begun.pid && stage;
    });
  };
  const kill = async () => {
    const ended = child;
    if (ended === undefined || ended.exitCode !== null) return;
    const closed = new Promise((done) => ended.once("close", done));
    ended.kill("SIGKILL");
    await closed;
  };

  const { url, api_key } = await start();
  return {
    url,
    operator_key: api_key,
    data_dir: folder,
    async restart(env, down_ms = 0) {
      await kill();
      await sleep(down_ms);
      await start(env);
    },
    async remove() {
      await kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}
