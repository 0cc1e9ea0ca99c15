import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeAll } from "@omoios/adapters/dynamodb/batch-write";
import { documentClient, systemSleep, type Tables } from "@omoios/adapters/dynamodb/client";
import { type Item, itemOf } from "@omoios/adapters/dynamodb/rows";
import { functions } from "@omoios/contracts/topology";
import { type BenchPlane, type Invocation, startBenchPlane } from "../bench-plane.ts";
import { type Figures, median, rounded } from "../figures.ts";
import { importTables } from "../import-tables.ts";
import { addFinished, finishedTasks, fleetRows, seriesAt, startBeats } from "../large-stage.ts";
import { type Item as BillItem, item, total } from "../prices.ts";

const SERIES = 10_000;
const AGENTS = 1_000;
const FINISHED = 100_000;
/** Sweeps that are measured of each stage; each follows 10,000 writes of the emulator. */
const MINUTES = 3;
const MINUTES_OF_MONTH = 730 * 60;

/** A sweep over a large stage, each series with a new sample in each minute, and its month. */
export async function measureSweep(): Promise<Figures> {
  const plane = await startBenchPlane();
  try {
    const calls = await sweeps(plane, tablesOf(plane));
    const items = billOf(calls);
    return {
      "sweep.requests": requests(calls),
      "sweep.seconds": seconds(calls),
      "sweep.usd_per_month": rounded(total(items)),
      "sweep.usd_per_month.items": Object.fromEntries(items.map(({ what, usd }) => [what, rounded(usd, 3)])),
    };
  } finally {
    await plane.stop();
  }
}

/** The same on a stage in which many tasks have come and gone. */
export async function measureSweepAfterTasks(): Promise<Figures> {
  const data_dir = mkdtempSync(join(tmpdir(), "omoi-bench-"));
  try {
    await importTables(join(data_dir, "tables.db"), { state: finishedTasks(FINISHED), pulse: [] }, "streamed");
    const plane = await startBenchPlane({ data_dir });
    try {
      const tables = tablesOf(plane);
      await addFinished(tables, FINISHED);
      const calls = await sweeps(plane, tables);
      return {
        "sweep.after_100000_tasks": { requests: requests(calls), seconds: seconds(calls) },
      };
    } finally {
      await plane.stop();
    }
  } finally {
    rmSync(data_dir, { recursive: true, force: true });
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

/** Before each sweep every series gets a sample. The first sweep, which sees all for the first time, is left out. */
async function sweeps(plane: BenchPlane, tables: Tables): Promise<Invocation[]> {
  const agents = [...fleetRows(AGENTS)];
  const now = Date.now();
  await put(
    tables,
    "state",
    agents.map((agent) => itemOf("agent", agent, now)),
  );
  await startBeats(tables, agents);
  const calls: Invocation[] = [];
  for (let minute = 0; minute <= MINUTES; minute++) {
    await put(tables, "pulse", seriesAt(minute, SERIES));
    calls.push(await plane.call("sweep", {}));
  }
  return calls.slice(1);
}

const put = (tables: Tables, table: "state" | "pulse", items: readonly Item[]): Promise<void> =>
  writeAll(
    tables,
    table,
    items.map((Item) => ({ PutRequest: { Item } })),
  );

function tablesOf({ endpoints, places }: BenchPlane): Tables {
  const client = documentClient({
    endpoint: endpoints.dynamodb,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  return { client, state: places.tables.state, pulse: places.tables.pulse, sleep: systemSleep };
}
