import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { documentClient, systemSleep, type Tables } from "@omoios/adapters/dynamodb/client";
import { readConfiguration } from "@omoios/app/configuration";
import { type Rooms, rooms } from "@omoios/app/rooms";
import { systemClock } from "@omoios/kernel/clock";
import { systemContext } from "@omoios/kernel/context";
import type { AgentId } from "@omoios/kernel/ids";
import { systemRandom } from "@omoios/kernel/random";
import { startDynamoDb } from "@omoios/local/dynamodb/start";
import { type Figures, rounded } from "../figures.ts";
import { layTables, TABLES } from "../fill.ts";
import { metered, noUse, startMeter, type Use } from "../meter.ts";

const PHASE = "PHASE_IMPLEMENTATION";
const CLAIMERS = 500;
/** An agent that finds nothing asks again, so many times in a row. */
const GIVES_UP_AFTER = 40;
const ASKS_AGAIN_MS = 250;

interface Race {
  tasks: number;
  shards: number;
  /** How long an agent works on a task. */
  task_ms: number;
  /** Tasks that an agent may hold at a time. */
  capacity: number;
}

/** All at once on a lane of many shards: claimers take until nothing is left, and hold what they took. */
export const measureRace = async (): Promise<Figures> => ({
  claim_race: await race({ tasks: Number(process.env.RT ?? 10_000), shards: 32, task_ms: 0, capacity: 50 }),
});

/** A busy day: claimers work five seconds on each task of one shard, and come back for the next. */
export const measureSteady = async (): Promise<Figures> => ({
  claim_steady: await race({ tasks: Number(process.env.ST ?? 2_000), shards: 1, task_ms: 5_000, capacity: 1 }),
});

/** Each claimer stands for a process of its own: it shares no cache, and does not see which tasks others are about to take. */
async function race({ tasks, shards, task_ms, capacity }: Race) {
  const data = mkdtempSync(join(tmpdir(), "omoi-bench-"));
  const path = join(data, "tables.db");
  const agents = { count: CLAIMERS, capacity };
  const ids = await layTables(path, [
    { phase_id: PHASE, depth: tasks, shards, bodies: tasks, body_bytes: 100, agents },
  ]);
  const emulator = await startDynamoDb({ path });
  startMeter();
  const client = documentClient({
    endpoint: emulator.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const tables: Tables = { client, ...TABLES, sleep: systemSleep };
  try {
    const use = noUse();
    const held: string[] = [];
    const claimers = ids.map((agent_id) => ({ agent_id, plane: planeOn(tables) }));
    const started = performance.now();
    const work = async ({ agent_id, plane }: Claimer) => {
      // Agents do not come all in one instant; with tasks of some length they come spread over one.
      await sleep(systemRandom() * task_ms);
      for (let empty = 0; empty < GIVES_UP_AFTER && held.length < tasks; ) {
        const taken = await claimOnce(plane, agent_id, use, task_ms > 0);
        if (taken === undefined) {
          empty += 1;
          await sleep(ASKS_AGAIN_MS * (0.5 + systemRandom()));
          continue;
        }
        empty = 0;
        held.push(taken.held);
        await taken.finish(task_ms);
      }
    };
    await Promise.all(claimers.map(work));
    const seconds = (performance.now() - started) / 1000;
    return {
      double: held.length - new Set(held).size,
      lost: tasks - new Set(held.map((name) => name.split(" ")[0])).size,
      failed_conditions_per_claim: rounded(use.tables.failed_conditions / held.length, 3),
      claims: held.length,
      claims_per_s: rounded(held.length / seconds, 0),
    };
  } finally {
    client.destroy();
    await emulator.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

interface Claimer {
  agent_id: AgentId;
  plane: Rooms;
}

const configuration = readConfiguration(new URL("../../../config", import.meta.url).pathname, {});

function planeOn(tables: Tables): Rooms {
  return rooms({
    ...configuration,
    stage: "bench",
    tables,
    clock: systemClock,
    random: systemRandom,
    timers: { set: async () => undefined },
    token_keys: { newest: () => Promise.reject(new Error("no tokens here")), find: async () => undefined },
  });
}

/** Reads the agent's row as authentication does, and claims. */
async function claimOnce(plane: Rooms, agent_id: AgentId, use: Use, finishes: boolean) {
  const ctx = systemContext("bench", systemClock.now(), systemRandom);
  const agent = await plane.parts.store.get("agent", { agent_id });
  if (agent === undefined) throw new Error(`There is no agent ${agent_id}`);
  const { tasks } = await metered(use, () => plane.claim(ctx, agent, { max: 1, wait_ms: 0, key: undefined }));
  const [task] = tasks;
  if (task === undefined) return undefined;
  return {
    held: `${task.task_id} ${task.fence}`,
    finish: async (after_ms: number) => {
      if (!finishes) return;
      await sleep(after_ms);
      const now = systemContext("bench", systemClock.now(), systemRandom);
      const holder = await plane.parts.store.get("agent", { agent_id });
      if (holder !== undefined) await plane.holder.complete(now, holder, task.task_id, task.fence, { success: true });
    },
  };
}
