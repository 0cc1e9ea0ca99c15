import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { readConfiguration } from "@omoios/app/configuration";
import { type Rooms, rooms } from "@omoios/app/rooms";
import { systemContext } from "@omoios/kernel/context";
import type { AgentId } from "@omoios/kernel/ids";
import { type Random, seededRandom } from "@omoios/kernel/random";
import { startDynamoDb } from "@omoios/local/dynamodb/start";
import { type VirtualTime, virtualTime } from "@omoios/simulation/virtual-time";
import { memoryStageKeys } from "../../harness/stage-keys.ts";
import { type Figures, rounded } from "../figures.ts";
import { layTables } from "../fill.ts";
import { metered, noUse, startMeter, type Use } from "../meter.ts";
import { virtualTables } from "../virtual-tables.ts";

const PHASE = "PHASE_IMPLEMENTATION";
const CLAIMERS = 500;

interface Race {
  tasks: number;
  shards: number;
  /** How long an agent works on a task. */
  task_ms: number;
  /** Tasks that an agent may hold at a time. */
  capacity: number;
}

/** All at once on a lane of 32 shards: claimers take until nothing is left, and hold what they took. */
export const measureRace = async (): Promise<Figures> => ({
  claim_race: await race({ tasks: 10_000, shards: 32, task_ms: 0, capacity: 50 }),
});

/** A busy day: claimers work five seconds on each task of one shard, and come back for the next. */
export const measureSteady = async (): Promise<Figures> => ({
  claim_steady: await race({ tasks: 3_000, shards: 1, task_ms: 5_000, capacity: 1 }),
});

async function race(wanted: Race) {
  const data = mkdtempSync(join(tmpdir(), "omoi-bench-"));
  const path = join(data, "tables.db");
  const { tasks, shards, capacity } = wanted;
  const agents = { count: CLAIMERS, capacity };
  const lane = { phase_id: PHASE, depth: tasks, shards, bodies: tasks, body_bytes: 100, agents };
  const ids = await layTables(path, [lane], "unread");
  const emulator = await startDynamoDb({ path });
  startMeter();
  const random = seededRandom(1);
  const time = virtualTime(Date.now());
  const { tables, close } = virtualTables(emulator.endpoint, time, random);
  try {
    return await claimAll(ids, tables, time, random, wanted);
  } finally {
    close();
    await emulator.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

async function claimAll(ids: readonly AgentId[], tables: Tables, time: VirtualTime, random: Random, wanted: Race) {
  // The SDK's first request reads the machine's settings, which takes real time.
  const first = tables.client.send(new GetCommand({ TableName: tables.state, Key: { pk: "none", sk: "none" } }));
  await untilIdle(time, first);
  const race = { ...wanted, tables, time, random, use: noUse(), held: [] as string[] };
  const claimers = Promise.all(ids.map((agent_id) => work(race, agent_id, planeOn(race))));
  const started = time.now();
  await untilIdle(time, claimers);
  const { held, use } = race;
  return {
    double: held.length - new Set(held).size,
    lost: wanted.tasks - new Set(held.map((name) => name.split(" ")[0])).size,
    failed_conditions_per_claim: rounded(use.tables.failed_conditions / held.length, 3),
    claims: held.length,
    requests_per_claim: rounded((use.tables.requests + use.refills.requests + use.shares.requests) / held.length, 2),
    virtual_seconds: rounded((time.now() - started) / 1000, 1),
  };
}

/** Lets time pass until the work is done. */
async function untilIdle(time: VirtualTime, work: Promise<unknown>): Promise<void> {
  let settled = false;
  const ended = work.finally(() => {
    settled = true;
  });
  while (!settled) {
    await time.run(() => settled);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await ended;
}

interface Running extends Race {
  tables: Tables;
  time: VirtualTime;
  random: Random;
  use: Use;
  /** Task and fence of each claim. */
  held: string[];
}

const configuration = readConfiguration(new URL("../../../config", import.meta.url).pathname, {});

/** Each claimer stands for a process of its own: it shares no cache, and does not see which tasks others are about to take. */
function planeOn({ tables, time, random }: Running): Rooms {
  return rooms({
    ...configuration,
    stage: "bench",
    tables,
    clock: time,
    random,
    timers: { set: async () => undefined },
    token_keys: memoryStageKeys(0),
    audit_keys: memoryStageKeys(0),
  });
}

async function work(race: Running, agent_id: AgentId, plane: Rooms): Promise<void> {
  const { time, random, use, held, tasks, task_ms } = race;
  // Agents of tasks with some length come one by one, and not all in one instant.
  await time.sleep(random() * task_ms);
  while (held.length < tasks) {
    const agent = await plane.parts.store.get("agent", { agent_id });
    if (agent === undefined) throw new Error(`There is no agent ${agent_id}`);
    const ctx = systemContext("bench", time.now(), random);
    const answer = await metered(use, () => plane.claim(ctx, agent, { max: 1, wait_ms: 0, key: undefined }));
    const [task] = answer.tasks;
    if (task === undefined) {
      await time.sleep(answer.retry_after_ms);
      continue;
    }
    held.push(`${task.task_id} ${task.fence}`);
    if (task_ms > 0) await finish(race, plane, agent_id, task);
  }
}

async function finish(
  { time, random, task_ms }: Running,
  plane: Rooms,
  agent_id: AgentId,
  task: Claimed,
): Promise<void> {
  await time.sleep(task_ms);
  const agent = await plane.parts.store.get("agent", { agent_id });
  if (agent === undefined) throw new Error(`There is no agent ${agent_id}`);
  const ctx = systemContext("bench", time.now(), random);
  await plane.holder.complete(ctx, agent, task.task_id, task.fence, { success: true });
}

type Claimed = Awaited<ReturnType<Rooms["claim"]>>["tasks"][number];
