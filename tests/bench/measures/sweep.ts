import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { documentClient, type Tables } from "@omoios/adapters/dynamodb/client";
import { pulseOn } from "@omoios/adapters/dynamodb/pulse";
import { type Item, itemOf } from "@omoios/adapters/dynamodb/rows";
import { itemOf as seriesItem } from "@omoios/adapters/dynamodb/series-items";
import { functions } from "@omoios/contracts/topology";
import type { AgentRow } from "@omoios/domain/agents/model";
import { inTurn } from "@omoios/domain/in-turn";
import { newSeries, type Point, seriesId } from "@omoios/domain/monitor/series/model";
import type { TaskRow } from "@omoios/domain/tasks/model";
import { newId } from "@omoios/kernel/ids";
import { seededRandom } from "@omoios/kernel/random";
import { type BenchPlane, type Invocation, startBenchPlane } from "../bench-plane.ts";
import { type Figures, median, rounded } from "../figures.ts";
import { type Item as BillItem, item, total } from "../prices.ts";

const SERIES = 10_000;
const AGENTS = 1_000;
const FINISHED = 100_000;
/** Minutes measured before and after the tasks; each takes 10,000 writes of the emulator. */
const MINUTES = { before: 3, after: 1 };
const MINUTE_MS = 60_000;
const MINUTES_OF_MONTH = 730 * 60;
const BATCH = 25;

/** A sweep over a large stage, each series with a new sample in each minute; again after many tasks have come and gone; and its month. */
export async function measureSweep(): Promise<Figures> {
  const plane = await startBenchPlane();
  try {
    const tables = tablesOf(plane);
    await fleet(tables);
    const before = await sweeps(plane, tables, 0, MINUTES.before);
    await finishedTasks(tables);
    const after = await sweeps(plane, tables, MINUTES.before + 1, MINUTES.after);
    const items = billOf(before);
    return {
      "sweep.requests": { median: requests(before), after_100000_tasks: requests(after) },
      "sweep.seconds": { median: seconds(before), after_100000_tasks: seconds(after) },
      "sweep.usd_per_month": rounded(total(items)),
      "sweep.usd_per_month.items": Object.fromEntries(items.map(({ what, usd }) => [what, rounded(usd, 3)])),
    };
  } finally {
    await plane.stop();
  }
}

const use = (calls: readonly Invocation[], name: "requests" | "wru" | "rru") =>
  median(calls.map(({ use }) => use.tables[name] + use.refills[name]));
const requests = (calls: readonly Invocation[]) => use(calls, "requests");
const seconds = (calls: readonly Invocation[]) => rounded(median(calls.map(({ took_ms }) => took_ms)) / 1000);

function billOf(calls: readonly Invocation[]): BillItem[] {
  const memory_gb = (functions.find(({ name }) => name === "sweep")?.memory_mb ?? 0) / 1024;
  const took_s = median(calls.map(({ took_ms }) => took_ms)) / 1000;
  return [
    item("write units", "write_unit", use(calls, "wru") * MINUTES_OF_MONTH),
    item("read units", "read_unit", use(calls, "rru") * MINUTES_OF_MONTH),
    item("Lambda requests", "lambda_request", MINUTES_OF_MONTH),
    item("Lambda GB-seconds", "lambda_gb_second", took_s * memory_gb * MINUTES_OF_MONTH),
  ];
}

/** Before each sweep every series gets a sample, as those who send them write it. The first sweep sees every series for the first time. */
async function sweeps(plane: BenchPlane, tables: Tables, from: number, minutes: number): Promise<Invocation[]> {
  const calls: Invocation[] = [];
  for (let minute = from; minute <= from + minutes; minute++) {
    await put(tables, tables.pulse, seriesAt(minute));
    calls.push(await plane.call("sweep", {}));
  }
  return calls.slice(1);
}

function seriesAt(minute: number): Item[] {
  const now = Date.now();
  return Array.from({ length: SERIES }, (_, n) => {
    const metric = "agent.progress_age_seconds";
    const labels = { agent_id: `bench-${n}` };
    const points = Array.from(
      { length: 10 + minute },
      (_, at): Point => [now - (10 + minute - at) * MINUTE_MS, 50 + ((n * 31 + at * 7919) % 17)],
    );
    const series = { ...newSeries({ id: seriesId(metric, labels), metric, labels }), recent: points };
    return { ...seriesItem(series), version: minute + 1, ttl: Math.ceil(now / 1000) + 86_400 };
  });
}

async function fleet(tables: Tables): Promise<void> {
  const random = seededRandom(1);
  const now = Date.now();
  const agents = Array.from(
    { length: AGENTS },
    (_, n): AgentRow => ({
      version: 1,
      agent_id: newId("agent", random),
      agent_name: `worker-${n}`,
      agent_type: "worker",
      status: "IDLE",
      class_id: "bench",
      key_id: `key ${n}`,
      public_x: "x".repeat(43),
      epoch: 1,
      capacity: 1,
      slots: {},
      failed: {},
    }),
  );
  await put(
    tables,
    tables.state,
    agents.map((agent) => itemOf("agent", agent, now)),
  );
  const pulse = pulseOn(tables);
  const beaten = { epoch: 1, sequence: 1, status: "IDLE", task_ids: [], left_out: {}, health: {}, replays: 0 };
  // Their last beat is not old by any sweep: none is late, and none has an age to be sampled.
  const beat_at = now + 3_600_000;
  await inTurn(agents, ({ agent_id }) => pulse.open({ ...beaten, agent_id, beat_at }));
}

async function finishedTasks(tables: Tables): Promise<void> {
  const random = seededRandom(2);
  const now = Date.now();
  const rows = Array.from(
    { length: FINISHED },
    (_, n): TaskRow => ({
      version: 5,
      task_id: newId("task", random),
      ticket_id: newId("ticket", random),
      n,
      phase_id: "PHASE_TESTING",
      visit: 1,
      priority: "MEDIUM",
      lane: "bench",
      status: "completed",
      fence: 1,
      attempt: 1,
      retry_count: 0,
      max_retries: 3,
      timeout_seconds: 60,
      blockers_left: 0,
      created_at: now,
      completed_at: now,
    }),
  );
  await put(
    tables,
    tables.state,
    rows.map((row) => itemOf("task", row, now)),
  );
}

async function put({ client, sleep }: Tables, table: string, items: readonly Item[]): Promise<void> {
  const batches = Array.from({ length: Math.ceil(items.length / BATCH) }, (_, n) =>
    items.slice(n * BATCH, (n + 1) * BATCH),
  );
  await inTurn(batches, async (batch) => {
    let left = batch.map((Item) => ({ PutRequest: { Item } }));
    while (left.length > 0) {
      const answer = await client.send(new BatchWriteCommand({ RequestItems: { [table]: left } }));
      left = (answer.UnprocessedItems?.[table] ?? []) as typeof left;
      if (left.length > 0) await sleep(50);
    }
  });
}

function tablesOf({ endpoints, places }: BenchPlane): Tables {
  const client = documentClient({
    endpoint: endpoints.dynamodb,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
  return { client, state: places.tables.state, pulse: places.tables.pulse, sleep };
}
