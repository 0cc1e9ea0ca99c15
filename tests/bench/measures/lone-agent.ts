import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentNames } from "@omoios/contracts/places";
import { runAgent } from "@omoios/runner/run-agent";
import type { RunnerEvent } from "@omoios/runner/runner-event";
import { createClient } from "@omoios/sdk/client";
import { startRunningPlane } from "../../harness/running-plane.ts";
import { type Figures, quantile, rounded } from "../figures.ts";
import { until } from "../quiet.ts";

const PHASE = "PHASE_TESTING";
const WARM_TASKS = 5;
const TASKS = 45;
const FIVE_MINUTES_MS = "300000";
/** An agent that was idle for five minutes meets a plane that has forgotten what it knew: no cache lasts that long, and here none lasts at all. */
const FORGETFUL = {
  HINT_CACHE_MS: "0",
  LANE_CACHE_MS: "0",
  PAUSE_CACHE_MS: "0",
  API_KEY_CACHE_MS: "0",
  REACH_CACHE_MS: "0",
};

/**
 * From the arrival of a task at the plane to its arrival at the only agent, a runner with a wake socket that was idle. Its polls are
 * five minutes apart, longer than the measure, so that it is the wake that brings each task.
 */
export async function measureLoneAgent(): Promise<Figures> {
  const rarely = { CLAIM_RETRY_AFTER_MS__LEAST: FIVE_MINUTES_MS, CLAIM_RETRY_AFTER_MS__MOST: FIVE_MINUTES_MS };
  const plane = await startRunningPlane({ ...FORGETFUL, ...rarely }, { [environmentNames.waitingClaims]: "0" });
  const workdir = mkdtempSync(join(tmpdir(), "omoi-bench-"));
  const at = new Map<string, number>();
  const log = ({ kind, task_id }: RunnerEvent) => void at.set(`${kind} ${task_id ?? ""}`, Date.now());
  const words = { command: "true", phase_ids: [PHASE], capabilities: [], workdir, max_tasks: TASKS };
  const run = runAgent({ url: plane.url, api_key: plane.api_key, ...words, log });
  try {
    const operator = createClient(plane);
    const { ticket_id } = await operator.createTicket({ body: { title: "A ticket" } });
    await until("the agent is registered", () => at.has("registered "));
    const samples: number[] = [];
    for (let n = 0; n < TASKS; n++) {
      const body = { ticket_id, title: `Task ${n}`, phase_id: PHASE };
      const { task_id, created_at } = await operator.createTask({ body });
      await until("the task is completed", () => at.has(`completed ${task_id}`));
      samples.push((at.get(`claimed ${task_id}`) ?? Number.NaN) - Date.parse(created_at));
    }
    const counted = samples.slice(WARM_TASKS);
    return {
      "latency.lone_agent_ms": {
        p50: rounded(quantile(counted, 0.5), 0),
        p95: rounded(quantile(counted, 0.95), 0),
        max: rounded(Math.max(...counted), 0),
        samples: counted.length,
      },
    };
  } finally {
    run.stop("the measure is taken");
    await run.finished;
    await plane.stop();
    rmSync(workdir, { recursive: true, force: true });
  }
}
