import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunnerOptions } from "@omoios/runner/options";
import { type AgentRun, runAgent } from "@omoios/runner/run-agent";
import type { RunnerEvent } from "@omoios/runner/runner-event";
import { afterEach, beforeEach } from "vitest";
import { API_KEY, type SmallPlane, startSmallPlane } from "./small-plane.ts";

export interface RunnerBench {
  plane: SmallPlane;
  workdir: string;
  events: RunnerEvent[];
  start(command: string, options?: Partial<RunnerOptions>): AgentRun;
}

/** Gives each test of a file a plane, a working directory and a way to start runners, and ends all of it afterwards. */
export function runnerBench(): RunnerBench {
  const runs: AgentRun[] = [];
  const bench = {
    events: [] as RunnerEvent[],
    start(command: string, options: Partial<RunnerOptions> = {}): AgentRun {
      const run = runAgent({
        url: bench.plane.url,
        api_key: API_KEY,
        command,
        phase_ids: ["PHASE_IMPLEMENTATION"],
        capabilities: [],
        workdir: bench.workdir,
        grace_ms: 200,
        log: (event) => bench.events.push(event),
        ...options,
      });
      runs.push(run);
      return run;
    },
  } as RunnerBench;
  beforeEach(async () => {
    bench.plane = await startSmallPlane();
    bench.workdir = mkdtempSync(join(tmpdir(), "omoi-runner-test-"));
    bench.events.splice(0);
  });
  afterEach(async () => {
    await Promise.all(runs.map((run) => run.kill()));
    await Promise.allSettled(runs.splice(0).map(({ finished }) => finished));
    await bench.plane.close();
    rmSync(bench.workdir, { recursive: true, force: true });
  });
  return bench;
}
