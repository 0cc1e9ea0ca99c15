import { documentClient, systemSleep, type Tables } from "@omoios/adapters/dynamodb/client";
import { rateBucketsOn } from "@omoios/adapters/dynamodb/rate-buckets";
import { newStageKeys } from "@omoios/adapters/keys/make-keys";
import { parseStageKeys } from "@omoios/adapters/keys/stage-key-list";
import { issueToken, readToken } from "@omoios/domain/access/access-token";
import type { TokenKeys } from "@omoios/domain/access/model";
import { rateLimiter } from "@omoios/domain/access/rate-limiter";
import { newId } from "@omoios/kernel/ids";
import { systemRandom } from "@omoios/kernel/random";
import { startAgent } from "../agents.ts";
import { type BenchPlane, startBenchPlane } from "../bench-plane.ts";
import { type Figures, quantile, rounded, sum } from "../figures.ts";
import { metered, noUse } from "../meter.ts";

const CALLS = 500;
const TOKENS = 1_000;
/** The first ones of a process are slower, and not what is asked. */
const WARM_UP = 200;
const PROCESSES = 8;
const LIMIT = { per_second: 100, burst: 100 };

/** What a registration, a token's check and the limits of principals cost. */
export async function measureAccess(): Promise<Figures> {
  const plane = await startBenchPlane();
  try {
    return {
      "registration.requests": await registration(plane),
      "auth.verify_ms": await verification(),
      "rate_limit.extra_requests_per_call": {
        one_process: await sharesOfOneProcess(plane),
        eight_processes: await sharesOfMany(plane),
      },
    };
  } finally {
    await plane.stop();
  }
}

async function registration(plane: BenchPlane): Promise<Record<string, number>> {
  // The first one makes the class of its kind, which the next one finds.
  await startAgent(plane.url, plane.operator, ["PHASE_TESTING"]);
  plane.invocations.splice(0);
  await startAgent(plane.url, plane.operator, ["PHASE_TESTING"]);
  const calls = plane.invocations.filter((call) => call.function.startsWith("api-")).slice(0, 2);
  return {
    requests: sum(calls.map(({ use }) => use.tables.requests)),
    wru: sum(calls.map(({ use }) => use.tables.wru)),
    rru: sum(calls.map(({ use }) => use.tables.rru)),
  };
}

async function verification(): Promise<Record<string, number>> {
  const now = Date.now();
  const [key] = parseStageKeys(newStageKeys(now), "the bench's keys");
  if (key === undefined) throw new Error("The bench made no token key");
  const keys: TokenKeys = { newest: async () => key, find: async () => key };
  const agent = { agent_id: newId("agent", systemRandom), epoch: 1, key_id: "key" };
  const audience = "omoios:bench";
  const token = await issueToken(agent, keys, { audience, seconds: 900, now });
  const took: number[] = [];
  for (let n = 0; n < WARM_UP + TOKENS; n++) {
    const began = performance.now();
    await readToken(token, keys, { audience, now });
    if (n >= WARM_UP) took.push(performance.now() - began);
  }
  return { p50: rounded(quantile(took, 0.5), 3), p95: rounded(quantile(took, 0.95), 3) };
}

async function sharesOfOneProcess(plane: BenchPlane): Promise<number> {
  const agent = await startAgent(plane.url, plane.operator, ["PHASE_DESIGN"]);
  plane.invocations.splice(0);
  for (let n = 0; n < CALLS; n++) await agent.claim({});
  return rounded(sum(plane.invocations.map(({ use }) => use.shares.requests)) / CALLS, 3);
}

/** At the limit itself, where a process gets least for its request. Time is counted, not waited for. */
async function sharesOfMany({ places, endpoints }: BenchPlane): Promise<number> {
  const client = documentClient({
    endpoint: endpoints.dynamodb,
    region: places.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const tables: Tables = { client, ...places.tables, sleep: systemSleep };
  const limiters = Array.from({ length: PROCESSES }, () => rateLimiter(rateBucketsOn(tables)));
  const use = noUse();
  const began = Date.now();
  await metered(use, async () => {
    for (let n = 0; n < CALLS * 4; n++) {
      await limiters[n % PROCESSES]?.admit("bench", LIMIT, began + (n * 1_000) / LIMIT.per_second);
    }
  });
  client.destroy();
  return rounded(use.shares.requests / (CALLS * 4), 3);
}
