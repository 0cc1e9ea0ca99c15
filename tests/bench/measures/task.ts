import type { Envelope } from "@omoios/contracts/events";
import { functions, queueReaders } from "@omoios/contracts/topology";
import type { FunctionName } from "@omoios/contracts/topology-types";
import type { Agent } from "@omoios/sdk/agent";
import { startAgents } from "../agents.ts";
import { type BenchPlane, type Invocation, startBenchPlane } from "../bench-plane.ts";
import { type Figures, rounded, sum } from "../figures.ts";
import { ACCESS_LOG_BYTES, PLATFORM_LOG_BYTES } from "../log-lines.ts";
import { type Item, item, total } from "../prices.ts";
import { until, untilQuiet } from "../quiet.ts";

const AGENTS = 10;
const CHAINS = 10;
/** Tasks of one call, each of which waits for the one before it. */
const LENGTH = 10;
const TASKS = CHAINS * LENGTH;
const PHASE = "PHASE_TESTING";
const DESCRIPTION = "What is to be done, in the words of whoever asked for it. ".repeat(10);
/** A lease's timer that nobody needs any more comes within the run, and is paid. */
const LEASE_SECONDS = 15;

/**
 * What a whole task asks for and costs: created in a call with nine others, claimed, one word of progress, completed, its dependent
 * released, every event relayed and consumed, the timer of its lease come and gone.
 */
export async function measureTask(): Promise<Figures> {
  const plane = await startBenchPlane({ env: { OMOI_LIMITS__LEASE_SECONDS: String(LEASE_SECONDS) } });
  try {
    const agents = await startAgents(plane.url, plane.operator, AGENTS, [PHASE]);
    const { ticket_id } = await plane.operator.createTicket({ body: { title: "A ticket", start: true } });
    await runChains(plane, agents, ticket_id, 1);
    await untilQuiet(plane, 1_500);
    plane.invocations.splice(0);
    // One agent alone, so that no call waits for another as it would not in Lambda: this is what the milliseconds are taken from.
    await runChains(plane, agents.slice(0, 1), ticket_id, 1);
    await untilQuiet(plane, (LEASE_SECONDS + 3) * 1000);
    const alone = plane.invocations.splice(0);
    let events = 0;
    const unsubscribe = plane.subscribe(() => {
      events += 1;
    });
    await runChains(plane, agents, ticket_id, CHAINS);
    await untilQuiet(plane, (LEASE_SECONDS + 3) * 1000);
    unsubscribe();
    return figuresOf(plane.invocations, alone, events);
  } finally {
    await plane.stop();
  }
}

/** Makes chains of tasks and works them off: whenever a task is ready, an idle agent takes it. */
async function runChains(
  plane: BenchPlane,
  agents: readonly Agent[],
  ticket_id: string,
  chains: number,
): Promise<void> {
  const idle = [...agents];
  const failures: unknown[] = [];
  let [ready, done] = [0, 0];
  const workOff = () => {
    while (ready > 0 && idle.length > 0) {
      const agent = idle.pop() as Agent;
      ready -= 1;
      workOnce(agent)
        .then((worked) => {
          done += worked;
          ready += 1 - worked;
        })
        .catch((failure: unknown) => failures.push(failure))
        .finally(() => {
          idle.push(agent);
          workOff();
        });
    }
  };
  const unsubscribe = plane.subscribe((event) => {
    const { data } = event.detail as Envelope;
    if (event["detail-type"] !== "task.ready" || data.phase_id !== PHASE) return;
    ready += 1;
    workOff();
  });
  for (let chain = 0; chain < chains; chain++) {
    const tasks = Array.from({ length: LENGTH }, (_, n) => ({
      ref: `t${n}`,
      title: `Task ${n}`,
      description: DESCRIPTION,
      phase_id: PHASE,
      depends_on: n === 0 ? [] : [`t${n - 1}`],
    }));
    await plane.operator.createTasks({ params: { ticket_id }, body: { tasks } });
  }
  await until("the chains are worked off", () => done === chains * LENGTH || failures.length > 0);
  unsubscribe();
  if (failures.length > 0) throw failures[0];
}

/** How many tasks it worked on: none where another agent was faster. */
async function workOnce(agent: Agent): Promise<number> {
  const [task] = (await agent.claim({})).tasks;
  if (task === undefined) return 0;
  const params = { task_id: task.task_id };
  await agent.client.progressTask({ params, body: { fence: task.fence, percent: 50 } });
  await agent.client.completeTask({ params, body: { fence: task.fence, result: { success: true } } });
  return 1;
}

function figuresOf(invocations: readonly Invocation[], alone: readonly Invocation[], events: number): Figures {
  const use = (of: (invocation: Invocation) => number) => sum(invocations.map(of)) / TASKS;
  const requests = use(({ use }) => use.tables.requests + use.refills.requests + use.shares.requests);
  const wru = use(({ use }) => use.tables.wru + use.refills.wru + use.shares.wru);
  const rru = use(({ use }) => use.tables.rru + use.refills.rru + use.shares.rru);
  const tookMs = timesOf(alone);
  const items = bill(invocations, tookMs, events / TASKS, { wru, rru });
  const perMillion = Object.fromEntries(items.map(({ what, usd }) => [what, rounded(usd * 1e6)]));
  return {
    "task.requests": rounded(requests, 1),
    "task.wru": rounded(wru, 1),
    "task.rru": rounded(rru, 1),
    "task.usd_per_million": rounded(total(items) * 1e6),
    "task.usd_per_million.items": perMillion,
    "task.by_function": Object.fromEntries(
      functions.map(({ name }) => {
        const own = invocations.filter((invocation) => invocation.function === name);
        const each = (of: (invocation: Invocation) => number) => rounded(sum(own.map(of)) / TASKS, 2);
        return [
          name,
          {
            invocations: rounded(own.length / TASKS, 2),
            ms_each: rounded(tookMs.get(name) ?? 0, 1),
            requests: each(({ use }) => use.tables.requests + use.refills.requests + use.shares.requests),
            sqs_requests: each(({ use }) => use.sqs_requests),
            wru: each(({ use }) => use.tables.wru + use.refills.wru + use.shares.wru),
            rru: each(({ use }) => use.tables.rru + use.refills.rru + use.shares.rru),
          },
        ];
      }),
    ),
  };
}

/** The mean time of each function's calls. */
function timesOf(invocations: readonly Invocation[]): ReadonlyMap<FunctionName, number> {
  const names = [...new Set(invocations.map((each) => each.function))];
  return new Map(
    names.map((name) => {
      const samples = invocations.filter((each) => each.function === name).map(({ took_ms }) => took_ms);
      return [name, sum(samples) / samples.length];
    }),
  );
}

/** The bill of one task. */
function bill(
  invocations: readonly Invocation[],
  tookMs: ReadonlyMap<FunctionName, number>,
  events: number,
  units: { wru: number; rru: number },
): Item[] {
  const memoryGb = new Map(functions.map((row) => [row.name, row.memory_mb / 1024]));
  const http = invocations.filter((each) => each.function.startsWith("api-"));
  const gbSecondsOf = (name: FunctionName) => ((tookMs.get(name) ?? 0) / 1000) * (memoryGb.get(name) ?? 0);
  const gbSeconds = sum(invocations.map((each) => gbSecondsOf(each.function)));
  const printed = sum(invocations.map(({ use }) => use.log_bytes)) + invocations.length * PLATFORM_LOG_BYTES;
  return [
    item("write units", "write_unit", units.wru),
    item("read units", "read_unit", units.rru),
    item("stream reads", "stream_read", 0),
    item("HTTP API", "http_request", http.length / TASKS),
    item("Lambda requests", "lambda_request", invocations.length / TASKS),
    item("Lambda GB-seconds", "lambda_gb_second", gbSeconds / TASKS),
    item("bus events", "bus_event", events),
    item("SQS requests", "sqs_request", queueRequests(invocations) / TASKS),
    item("logs", "log_gb", (printed + http.length * ACCESS_LOG_BYTES) / TASKS / 1e9),
  ];
}

/** What functions send, what the bus sends (a request for each message), and a receive and a delete for each batch that is read. */
function queueRequests(invocations: readonly Invocation[]): number {
  const readers = new Set<string>(queueReaders.map((row) => row.function));
  const batches = invocations.filter((each) => readers.has(each.function));
  const messages = sum(batches.filter((each) => each.function !== "timers").map((each) => each.records));
  return sum(invocations.map(({ use }) => use.sqs_requests)) + messages + 2 * batches.length;
}
