import { createClient } from "@omoios/sdk/client";
import { startRunningPlane } from "../../harness/running-plane.ts";
import { startAgents } from "../agents.ts";
import { type Figures, rounded } from "../figures.ts";

const AGENTS = 24;
const WARM_SECONDS = 2;
const SECONDS = 10;

/** How many heartbeats one machine takes in a second, each agent sending its next when the last was answered. */
export async function measureHeartbeats(): Promise<Figures> {
  const plane = await startRunningPlane();
  try {
    const operator = createClient({ url: plane.url, api_key: plane.api_key });
    const agents = await startAgents(plane.url, operator, AGENTS, ["PHASE_TESTING"]);
    const beatFor = async (seconds: number): Promise<number> => {
      const until = performance.now() + seconds * 1000;
      const counts = agents.map(async (agent) => {
        let count = 0;
        for (; performance.now() < until; count++)
          await agent.heartbeat({ status: "IDLE", current_task_ids: [], health_metrics: { cpu_usage_percent: 1 } });
        return count;
      });
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    };
    await beatFor(WARM_SECONDS);
    return { "heartbeat.per_s": rounded((await beatFor(SECONDS)) / SECONDS, 0) };
  } finally {
    await plane.stop();
  }
}
