import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { documentClient, systemSleep, type Tables } from "@omoios/adapters/dynamodb/client";
import { prepareStage } from "@omoios/app/stage";
import type { Places } from "@omoios/contracts/places";
import type { AgentId } from "@omoios/kernel/ids";
import { startDynamoDb } from "@omoios/local/dynamodb/start";
import { handlerVariables, setVariables } from "@omoios/local/environment";
import { plantKeys } from "@omoios/local/keys";
import { BUS, REGION } from "@omoios/local/services";
import type { Agent } from "@omoios/sdk/agent";
import { type Client, createClient } from "@omoios/sdk/client";
import { buildFunctions } from "../../../scripts/build.ts";
import { startAgents } from "../agents.ts";
import type { ApiPlaces } from "../api-server.ts";
import { type Figures, quantile, rounded } from "../figures.ts";
import { layTables } from "../fill.ts";
import { TABLES } from "../import-tables.ts";
import { countRequests, REQUESTS } from "../request-count.ts";
import { bareClaim, bareComplete, bareRead, layBareAgent } from "../table-requests.ts";

const PHASE = "PHASE_TESTING";
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const IN_FLIGHT = 10;
/** The plane and the bare requests take turns, so that whatever else the machine does meets both; the first turn of each is not counted. */
const TURNS = 6;
const ROUNDS_IN_TURN = 8;
const ROUNDS = TURNS * ROUNDS_IN_TURN;
const TASKS = IN_FLIGHT * ROUNDS * 2 + 100;

/**
 * The time of API calls with ten in flight, by the time of the same table requests without the plane, both on the same tables. The
 * requests of a round, refills of caches and shares of rate limits among them, stand beside it: they must not part.
 */
export async function measureOverhead(): Promise<Figures> {
  const scratch = mkdtempSync(join(tmpdir(), "omoi-bench-"));
  await buildFunctions({ root: ROOT, out_dir: join(scratch, "functions"), only: "api-control" });
  const built = join(scratch, "functions", "api-control");
  const config_dir = join(built, "config");
  const path = join(scratch, "tables.db");
  const agents = { count: IN_FLIGHT, capacity: 1 };
  const ids = await layTables(path, [{ phase_id: PHASE, depth: TASKS, bodies: TASKS, agents }], "unread");
  const emulator = await startDynamoDb({ path });
  const places = placesIn(scratch);
  const endpoints = { dynamodb: emulator.endpoint, sqs: "", events: "" };
  const restore = setVariables(handlerVariables(places, endpoints, config_dir));
  const own = countRequests();
  const server = fork(fileURLToPath(new URL("../api-server.ts", import.meta.url)), { execArgv: ["--import", "tsx"] });
  try {
    const { operator_key } = plantKeys(scratch);
    await prepareStage(places, operator_key);
    server.send({ places, endpoint: emulator.endpoint, config_dir, built } satisfies ApiPlaces);
    const url = await heard<string>(server);
    const operator = createClient({ url, api_key: operator_key });
    const callers = await startAgents(url, operator, IN_FLIGHT, [PHASE]);
    const tables: Tables = { client: documentClient(), ...TABLES, sleep: systemSleep };
    await Promise.all(ids.map((id) => layBareAgent(tables, id)));
    const taken: { plane: number[]; bare: number[] }[] = [];
    const before = { plane: await requestsOf(server), bare: own.made() };
    for (let turn = 0; turn < TURNS; turn++) {
      const plane = await inFlight(callers, (agent) => apiRound(operator, agent));
      const bare = await inFlight(ids, (id) => tableRound(tables, id));
      if (turn > 0) taken.push({ plane, bare });
    }
    const p95 = (side: "plane" | "bare") =>
      quantile(
        taken.flatMap((turn) => turn[side]),
        0.95,
      );
    const perRound = (requests: number) => rounded(requests / (IN_FLIGHT * ROUNDS), 1);
    return {
      "api.overhead": {
        ratio: rounded(p95("plane") / p95("bare"), 2),
        plane_p95_ms: rounded(p95("plane"), 1),
        tables_p95_ms: rounded(p95("bare"), 1),
        plane_requests: perRound((await requestsOf(server)) - before.plane),
        tables_requests: perRound(own.made() - before.bare),
      },
    };
  } finally {
    own.stop();
    server.kill();
    restore();
    await emulator.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function placesIn(scratch: string): Places {
  const queue_urls = new Proxy({} as Places["queue_urls"], { get: () => "http://127.0.0.1:9/queue" });
  const { secrets, receiver_secrets } = plantKeys(scratch);
  const mail_endpoint = "http://127.0.0.1:9";
  return {
    stage: "local",
    region: REGION,
    tables: TABLES,
    queue_urls,
    bus: BUS,
    secrets,
    receiver_secrets,
    mail_endpoint,
  };
}

async function requestsOf(server: ChildProcess): Promise<number> {
  server.send(REQUESTS);
  return heard<number>(server);
}

/** What the process says next. Throws when it ends instead. */
async function heard<T>(server: ChildProcess): Promise<T> {
  const over = new AbortController();
  const ended = once(server, "exit", over).then(([code]) => {
    throw new Error(`The process of the API ended with ${code}`);
  });
  try {
    const [said] = await Promise.race([once(server, "message", over), ended]);
    return said as T;
  } finally {
    over.abort();
    await ended.catch(() => undefined);
  }
}

/** Lets callers make the rounds of a turn side by side, and gives the milliseconds of every call. */
async function inFlight<Caller>(callers: readonly Caller[], round: (caller: Caller) => Promise<number[]>) {
  const samples = await Promise.all(
    callers.map(async (caller) => {
      const own: number[] = [];
      for (let n = 0; n < ROUNDS_IN_TURN; n++) own.push(...(await round(caller)));
      return own;
    }),
  );
  return samples.flat();
}

async function timed<T>(call: () => Promise<T>, took: number[]): Promise<T> {
  const started = performance.now();
  const answer = await call();
  took.push(performance.now() - started);
  return answer;
}

async function apiRound(operator: Client, agent: Agent): Promise<number[]> {
  const took: number[] = [];
  const { tasks } = await timed(() => agent.claim({}), took);
  const [task] = tasks;
  if (task === undefined) return [];
  const params = { task_id: task.task_id };
  await timed(() => operator.getTask({ params }), took);
  const body = { fence: task.fence, result: { success: true } };
  await timed(() => agent.client.completeTask({ params, body }), took);
  return took;
}

async function tableRound(tables: Tables, agent_id: AgentId): Promise<number[]> {
  const took: number[] = [];
  const task = await timed(() => bareClaim(tables, agent_id, PHASE), took);
  await timed(() => bareRead(tables, task), took);
  await timed(() => bareComplete(tables, agent_id, task), took);
  return took;
}
