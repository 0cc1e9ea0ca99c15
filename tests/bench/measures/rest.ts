import { functions, queueReaders, queues, schedules, streamReaders } from "@omoios/contracts/topology";
import { startAgent } from "../agents.ts";
import { type BenchPlane, type Invocation, startBenchPlane } from "../bench-plane.ts";
import { type Figures, median, rounded } from "../figures.ts";
import { PLATFORM_LOG_BYTES } from "../log-lines.ts";
import { type Item, item, total } from "../prices.ts";

const BEATS = 10;
/** Messages that an agent may leave unacknowledged. */
const BOX = 8;
const SWEEPS = 5;
const MINUTES = 730 * 60;
/** Lambda keeps five long polls of 20 s open on each queue that it reads. */
const POLLS_PER_MINUTE = 15;
/** What a stage of some months holds, tables and backups. */
const STORED_GB = 1;

/** A heartbeat's writes, and what a stage costs a month in which nothing happens. */
export async function measureRest(): Promise<Figures> {
  const plane = await startBenchPlane();
  try {
    const heartbeat = await beat(plane);
    // A ticket, so that there are lanes and classes for the sweep to look at.
    await plane.operator.createTicket({ body: { title: "A ticket", start: true } });
    const items = await billOf(plane);
    return {
      "heartbeat.wru": heartbeat,
      "idle.usd_per_month": rounded(total(items)),
      "idle.usd_per_month.items": Object.fromEntries(items.map(({ what, usd }) => [what, rounded(usd, 3)])),
    };
  } finally {
    await plane.stop();
  }
}

async function beat(plane: BenchPlane): Promise<number> {
  const agent = await startAgent(plane.url, plane.operator, ["PHASE_TESTING"]);
  const units: number[] = [];
  // With all that a beat may carry: messages that are open, a word for some of them, a promise.
  for (let n = 0; n < BOX; n++)
    await plane.operator.sendAgentMessage({ body: { channel: "broadcast", body: "hello" } });
  const promise = { next_by: new Date(Date.now() + 300_000).toISOString(), acked: 1 };
  for (let n = 0; n < BEATS; n++) {
    plane.invocations.splice(0);
    const health_metrics = { cpu_usage_percent: 1, memory_usage_mb: 512, pending_operations: 1 };
    await agent.heartbeat({ status: "IDLE", current_task_ids: [], health_metrics, ...promise });
    const call = plane.invocations.find((each) => each.function === "api-agents");
    if (call === undefined) throw new Error("A heartbeat did not reach api-agents");
    units.push(call.use.tables.wru);
  }
  return Math.max(...units);
}

/** Alarms of queues for what failed: those read, each stream reader's, what the relay parked, notifications given up. */
const QUEUE_ALARMS = queues.filter((row) => "max_receives" in row).length + streamReaders.length + 2;

/** Alarms as their stack makes them: beside those each stream reader's lag, each function, each schedule, the API, critical alerts. */
const ALARMS = QUEUE_ALARMS + streamReaders.length + functions.length + schedules.length + 2;

const queued = (message: unknown) => ({ Records: [{ messageId: "1", body: JSON.stringify(message) }] });

async function billOf(plane: BenchPlane): Promise<Item[]> {
  const calls: Invocation[] = [];
  for (let n = 0; n < SWEEPS; n++) calls.push(await plane.call("sweep", {}));
  const of = (name: "requests" | "wru" | "rru") =>
    median(calls.map(({ use }) => use.tables[name] + use.refills[name])) * MINUTES;
  // Each sweep leaves a message that looks after the next one.
  const looks: Invocation[] = [];
  for (let n = 0; n < SWEEPS; n++)
    looks.push(await plane.call("timers", queued({ kind: "beat", id: "sweep", due_at: Date.now() })));
  const memoryGb = (functions.find(({ name }) => name === "sweep")?.memory_mb ?? 0) / 1024;
  const logged = (each: readonly Invocation[]) => PLATFORM_LOG_BYTES + median(each.map(({ use }) => use.log_bytes));
  const logGb = ((logged(calls) + logged(looks)) * MINUTES) / 1e9;
  return [
    item("alarms", "alarm_month", ALARMS),
    item("dashboard", "dashboard_month", 1),
    item("SQS polls", "sqs_request", queueReaders.length * POLLS_PER_MINUTE * MINUTES),
    item("sweep, write units", "write_unit", of("wru")),
    item("sweep, read units", "read_unit", of("rru")),
    item("sweep, Lambda requests", "lambda_request", MINUTES),
    item(
      "sweep, Lambda GB-seconds",
      "lambda_gb_second",
      (median(calls.map((call) => call.took_ms)) / 1000) * memoryGb * MINUTES,
    ),
    item("look after the sweep, SQS", "sqs_request", 2 * MINUTES),
    item("look after the sweep, Lambda requests", "lambda_request", MINUTES),
    item(
      "look after the sweep, Lambda GB-seconds",
      "lambda_gb_second",
      (median(looks.map((call) => call.took_ms)) / 1000) * memoryGb * MINUTES,
    ),
    item("look after the sweep, read units", "read_unit", median(looks.map(({ use }) => use.tables.rru)) * MINUTES),
    item("log ingestion", "log_gb", logGb),
    item("log storage", "log_gb_month", logGb),
    item("schedule", "schedule_call", MINUTES),
    item("table storage", "table_gb_month", STORED_GB),
    item("point-in-time recovery", "backup_gb_month", STORED_GB),
  ];
}
