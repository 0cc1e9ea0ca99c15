import type { Tables } from "@omoios/adapters/dynamodb/client";
import { rateBucketsOn } from "@omoios/adapters/dynamodb/rate-buckets";
import { defaultLimits } from "@omoios/contracts/default-limits";
import type { Limits } from "@omoios/contracts/limits";
import { type RateLimiter, rateLimiter } from "@omoios/domain/access/rate-limiter";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentActs } from "../harness/agent-acts.ts";
import { beat } from "../harness/agent-keys.ts";
import { agentsPlane, START } from "../harness/agents-plane.ts";
import { withTables } from "../harness/dynamodb.ts";

let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => ({ tables, stop } = await withTables()));
afterAll(() => stop());

const rate_limits: Limits["rate_limits"] = {
  ...defaultLimits.rate_limits,
  read: { per_second: 2, burst: 10 },
  work: { per_second: 1, burst: 4 },
};

describe("a principal that calls too often", () => {
  it("is told so with the time to wait, and may go on after it", async () => {
    const plane = await agentsPlane(tables, { limits: { rate_limits } });
    const whoami = () => plane.call("GET", "/whoami");
    const first = await whoami();
    expect(first.headers.get("ratelimit-policy")).toBe('"read";q=10;w=5');
    expect(first.headers.get("ratelimit")).toMatch(/^"read";r=\d+;t=\d+$/);
    const answers = [first];
    while (answers.at(-1)?.status === 200 && answers.length < 20) answers.push(await whoami());
    expect(Math.abs(answers.length - 1 - 10)).toBeLessThanOrEqual(1);
    const refused = answers.at(-1);
    expect(refused).toMatchObject({ status: 429, body: { code: "rate.limited", rate_class: "read" } });
    expect(refused?.headers.get("ratelimit")).toMatch(/^"read";r=0;t=1$/);
    const seconds = Number(refused?.headers.get("retry-after"));
    expect(seconds).toBe(1);
    plane.pass(seconds * 1000);
    expect(await whoami()).toMatchObject({ status: 200 });
  });

  it("has a bucket for each class of routes, and takes nothing from others", async () => {
    const plane = await agentsPlane(tables, { limits: { rate_limits } });
    const acts = agentActs(plane);
    const [busy, calm] = [await acts.started(), await acts.started()];
    const statuses: number[] = [];
    for (let n = 2; n < 12; n++) statuses.push((await acts.beatBy(busy, busy.token, beat(n))).status);
    expect(statuses.slice(0, 3)).toEqual([200, 200, 200]);
    expect(statuses.at(-1)).toBe(429);
    expect(await plane.call("GET", "/whoami", { key: busy.token })).toMatchObject({ status: 200 });
    expect(await acts.beatBy(calm, calm.token, beat(2))).toMatchObject({ status: 200 });
  });
});

describe("10,000 requests over a limit of 100 a second, on the table itself", () => {
  const limit = { per_second: 100, burst: 100 };
  const right = limit.burst + limit.per_second * 10;

  it.each([
    { processes: 1, off: 0.05, asked: 0.1 },
    { processes: 8, off: 0.25, asked: 1 },
  ])("are allowed within $off by $processes", async ({ processes, off, asked }) => {
    const buckets = rateBucketsOn(tables);
    let requests = 0;
    const counted: typeof buckets = {
      take(...ask) {
        requests++;
        return buckets.take(...ask);
      },
    };
    const limiters = Array.from({ length: processes }, () => rateLimiter(counted));
    let allowed = 0;
    for (let sent = 0; sent < 10_000; sent += 20) {
      const now = START + sent;
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, at) =>
          (limiters[(sent / 20 + at) % processes] as RateLimiter).admit(`many-${processes}`, limit, now),
        ),
      );
      allowed += answers.filter((admission) => admission.allowed).length;
      // The bucket has another request within 10 ms, and is asked again within 100 at most.
      const refused = answers.filter((admission) => !admission.allowed);
      expect(refused.every(({ retry_after_ms }) => retry_after_ms > 0 && retry_after_ms <= 100)).toBe(true);
    }
    expect(Math.abs(allowed - right) / right).toBeLessThan(off);
    expect(requests / 10_000).toBeLessThanOrEqual(asked);
  });
});
