import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Agent } from "@omoios/sdk/agent";
import { startAgent } from "../agents.ts";
import { type BenchPlane, startBenchPlane } from "../bench-plane.ts";
import { type Figures, median, rounded } from "../figures.ts";
import { layTables } from "../fill.ts";
import type { Demand, Use } from "../meter.ts";

const DEPTHS = [
  { phase_id: "PHASE_REQUIREMENTS", depth: 100 },
  { phase_id: "PHASE_DESIGN", depth: 10_000 },
  { phase_id: "PHASE_IMPLEMENTATION", depth: 100_000 },
] as const;
const EMPTY_PHASE = "PHASE_TESTING";
const CLAIMS = 25;
/** Bodies lie at the head of a lane, from where all of these claims are served. */
const BODIES = 100;

/** Requests and units of a claim, at three depths of its lane, and of one that finds nothing. Nobody else claims. */
export async function measureClaims(): Promise<Figures> {
  const data_dir = mkdtempSync(join(tmpdir(), "omoi-bench-"));
  try {
    const empty = { phase_id: EMPTY_PHASE, depth: 0, bodies: 0 };
    await layTables(
      join(data_dir, "tables.db"),
      [...DEPTHS.map((lane) => ({ ...lane, bodies: BODIES })), empty],
      "streamed",
    );
    const plane = await startBenchPlane({ data_dir });
    try {
      const full: [number, Use[]][] = [];
      for (const { phase_id, depth } of DEPTHS) full.push([depth, await claimsOf(plane, phase_id)]);
      const none = await emptyClaimsOf(plane);
      return { ...figuresOf("claim", full), ...figuresOf("claim.empty", [[0, none]]) };
    } finally {
      await plane.stop();
    }
  } finally {
    rmSync(data_dir, { recursive: true, force: true });
  }
}

/** What each of a number of claims used; the first one, which fills the caches, is left out. */
async function claimsOf(plane: BenchPlane, phase_id: string): Promise<Use[]> {
  const agent = await startAgent(plane.url, plane.operator, [phase_id]);
  const uses: Use[] = [];
  for (let n = 0; n <= CLAIMS; n++) {
    const { use, tasks } = await claimOnce(plane, agent);
    const [task] = tasks;
    if (task === undefined) throw new Error(`A claim found nothing in a full lane of ${phase_id}`);
    if (n > 0) uses.push(use);
    const params = { task_id: task.task_id };
    await agent.client.completeTask({ params, body: { fence: task.fence, result: { success: true } } });
  }
  return uses;
}

async function emptyClaimsOf(plane: BenchPlane): Promise<Use[]> {
  const agent = await startAgent(plane.url, plane.operator, [EMPTY_PHASE]);
  const uses: Use[] = [];
  for (let n = 0; n <= CLAIMS; n++) {
    const { use, tasks } = await claimOnce(plane, agent);
    if (tasks.length > 0) throw new Error("A claim found a task in an empty lane");
    if (n > 0) uses.push(use);
  }
  return uses;
}

async function claimOnce(plane: BenchPlane, agent: Agent) {
  plane.invocations.splice(0);
  const { tasks } = await agent.claim({});
  const calls = plane.invocations.filter((call) => call.function === "api-agents");
  const [call] = calls;
  if (call === undefined || calls.length > 1) throw new Error(`A claim was ${calls.length} calls of api-agents`);
  return { tasks, use: call.use };
}

function figuresOf(key: string, depths: readonly [number, Use[]][]): Figures {
  const all = depths.flatMap(([, uses]) => uses);
  const of = (uses: readonly Use[], name: keyof Demand) => {
    const samples = uses.map((use) => use.tables[name]);
    return { median: median(samples), max: Math.max(...samples) };
  };
  const figure = (name: keyof Demand) => ({
    ...of(all, name),
    ...(depths.length > 1 && Object.fromEntries(depths.map(([depth, uses]) => [`at_${depth}`, of(uses, name)]))),
  });
  const refills = (name: keyof Demand) => rounded(all.reduce((sum, use) => sum + use.refills[name], 0) / all.length);
  return {
    [`${key}.requests`]: figure("requests"),
    [`${key}.wru`]: figure("wru"),
    [`${key}.rru`]: figure("rru"),
    [`${key}.refill`]: { requests_per_claim: refills("requests"), rru_per_claim: refills("rru") },
  };
}
