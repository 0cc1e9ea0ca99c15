import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@omoios/local/ports";
import { ApiProblem, Unreachable } from "@omoios/sdk/api-problem";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";
import { gameday, type Report, reportIn } from "./game-day.ts";

/** Heartbeats that are missed within seconds. */
const SOON = {
  heartbeat_idle_seconds: 6,
  heartbeat_running_seconds: 4,
  heartbeat_tolerance_seconds: 3,
  heartbeat_judged_every_seconds: 1,
  // What a dead agent held is taken first.
  claim_spread_seconds: 0,
};
const BEAT_MS = 1_000;

export interface GameDayStage {
  plane: TestPlane;
  /** Of the plane's configuration. */
  config: string;
  omoi(...args: string[]): ReturnType<typeof runOmoi>;
  /** Runs a game day there. */
  reported(file: string): Promise<Report>;
  remove(): Promise<void>;
}

/**
 * A plane that is prepared for a game day, and judges heartbeats each second. It does so from a sweep on that sees an agent alive, and
 * sweeps as it starts: so one agent lives beside the game day's, and the plane is started a second time.
 */
export async function startGameDayStage(file: string): Promise<GameDayStage> {
  const dir = mkdtempSync(join(tmpdir(), "omoi-gameday-stage-"));
  const config = join(dir, "config");
  const prepared = await gameday("prepare", file, "--out", config, "--port", String(await freePort()));
  if (prepared.exit !== 0) throw new Error(prepared.out + prepared.err);
  const port = await freePort();
  const start = () => startTestPlane(SOON, { config, port, data_dir: join(dir, "data") });
  const first = await start();
  const stopBeating = beatOn(await first.agent());
  await first.stop();
  const plane = await start();
  const omoi = (...args: string[]) => runOmoi(args, { url: plane.url, api_key: plane.operator_key });
  return {
    plane,
    config,
    omoi,
    reported: async (day) =>
      reportIn(await omoi("gameday", "run", day, "--url", plane.url, "--config", config, "--json")),
    async remove() {
      stopBeating();
      await plane.stop();
      rmSync(dir, { recursive: true });
    },
  };
}

/** Beats of an idle agent, which nobody hears while its plane is started anew. Gives what ends them. */
function beatOn(agent: Awaited<ReturnType<TestPlane["agent"]>>): () => void {
  const beat = () =>
    agent.heartbeat({ status: "IDLE", current_task_ids: [], health_metrics: {} }).catch((error: unknown) => {
      if (!(error instanceof Unreachable) && !(error instanceof ApiProblem)) throw error;
    });
  const timer = setInterval(beat, BEAT_MS);
  return () => clearInterval(timer);
}

/** Writes files of game days into a folder of their own. */
export function fileWriter(): { write(text: string): string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), "omoi-gameday-files-"));
  let written = 0;
  return {
    write(text) {
      const file = join(dir, `day-${++written}.yaml`);
      writeFileSync(file, text);
      return file;
    },
    remove: () => rmSync(dir, { recursive: true }),
  };
}
