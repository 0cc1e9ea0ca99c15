import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { program } from "./built/built.ts";

export interface RunningPlane {
  url: string;
  api_key: string;
  data_dir: string;
  stop(): Promise<void>;
}

/** How `npm start` does it. */
const FROM_SOURCE = ["--import", "tsx", resolve(import.meta.dirname, "../../packages/local/src/main.ts")];

/**
 * The whole plane on this machine, as `npm start` brings it up, in a process and a data directory of its own. `limits` are set as a
 * user sets them: `{ LEASE_SECONDS: "3" }`. In a test it starts from its bundle, unless
 * `from_source`; the bench builds none.
 */
export async function startRunningPlane(
  limits: Record<string, string> = {},
  variables: Record<string, string> = {},
  { from_source = false } = {},
): Promise<RunningPlane> {
  const dataDir = mkdtempSync(join(tmpdir(), "omoi-flow-"));
  const set = Object.entries(limits).map(([name, value]) => [`OMOI_LIMITS__${name}`, value]);
  const start = from_source || process.env.VITEST === undefined ? FROM_SOURCE : [await program("plane")];
  const plane = spawn(process.execPath, [...start, "--port", "0", "--data-dir", dataDir], {
    env: { ...process.env, ...Object.fromEntries(set), ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  const ready = new Promise<void>((found, failed) => {
    for (const stream of [plane.stdout, plane.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said.push(text);
        if (text.includes("OmoiOS runs at")) found();
      });
    }
    plane.once("exit", () => failed(new Error(`The plane did not start:\n${said.join("")}`)));
  });
  await ready;
  const { url, api_key } = JSON.parse(readFileSync(join(dataDir, "stage.json"), "utf8"));
  return {
    url,
    api_key,
    data_dir: dataDir,
    async stop() {
      if (plane.exitCode === null && plane.signalCode === null) {
        plane.kill("SIGTERM");
        await once(plane, "exit");
      }
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
