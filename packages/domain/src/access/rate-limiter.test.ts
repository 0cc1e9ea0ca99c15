import { describe, expect, it } from "vitest";
import { type RateBuckets, type RateLimiter, rateLimiter } from "./rate-limiter.ts";

const START = 1_000_000_000_000;
const LIMIT = { per_second: 100, burst: 100 };

/** The one bucket of a test, with its condition as the table judges it, and how often it was asked. */
function bucket(): RateBuckets & { asked: number } {
  let full_at = 0;
  const buckets = {
    asked: 0,
    take: async (...[, ask, now, latest]: Parameters<RateBuckets["take"]>) => {
      buckets.asked++;
      await Promise.resolve();
      const holds = ask.from === "full" ? full_at <= now : full_at >= now && full_at <= latest - ask.cost_ms;
      if (holds) full_at = ask.from === "full" ? now + ask.cost_ms : full_at + ask.cost_ms;
      return { taken: holds, full_at };
    },
  };
  return buckets;
}

interface Load {
  processes: number;
  requests: number;
  per_second: number;
  /** Requests that come at the same moment. */
  together?: number;
}

async function run({ processes, requests, per_second, together = 1 }: Load, limit = LIMIT) {
  const shared = bucket();
  const limiters = Array.from({ length: processes }, () => rateLimiter(shared));
  let allowed = 0;
  for (let sent = 0; sent < requests; sent += together) {
    const now = START + (sent * 1_000) / per_second;
    const burst = Array.from({ length: together }, (_, at) =>
      (limiters[(sent + at) % processes] as RateLimiter).admit("a", limit, now),
    );
    allowed += (await Promise.all(burst)).filter((admission) => admission.allowed).length;
  }
  const right = Math.min(requests, limit.burst + (limit.per_second * requests) / per_second);
  return { off_by: (allowed - right) / right, asked_per_request: shared.asked / requests };
}

describe("10,000 requests over a limit of 100 a second", () => {
  it.each([
    { processes: 1, per_second: 1_000 },
    { processes: 1, per_second: 150 },
    { processes: 1, per_second: 1_000, together: 100 },
    { processes: 1, per_second: 10_000 },
  ])("are allowed within 5 % by one process: $per_second/s, $together together", async (load) => {
    const { off_by, asked_per_request } = await run({ requests: 10_000, ...load });
    expect(Math.abs(off_by)).toBeLessThan(0.05);
    expect(asked_per_request).toBeLessThanOrEqual(0.1);
  });

  it.each([
    { processes: 8, per_second: 1_000 },
    { processes: 8, per_second: 150 },
    { processes: 8, per_second: 1_000, together: 100 },
    { processes: 8, per_second: 10_000 },
  ])("are allowed within 25 % by eight: $per_second/s, $together together", async (load) => {
    const { off_by, asked_per_request } = await run({ requests: 10_000, ...load });
    expect(Math.abs(off_by)).toBeLessThan(0.25);
    expect(asked_per_request).toBeLessThanOrEqual(1);
  });
});

describe("requests below the limit", () => {
  it.each([
    { processes: 1, per_second: 90, most: 0.1 },
    { processes: 1, per_second: 20, most: 0.1 },
    { processes: 1, per_second: 5, most: 0.1 },
    { processes: 8, per_second: 50, most: 1 },
  ])("are all allowed: $per_second/s in $processes", async ({ most, ...load }) => {
    const { off_by, asked_per_request } = await run({ requests: 2_000, ...load });
    expect(off_by).toBe(0);
    expect(asked_per_request).toBeLessThanOrEqual(most);
  });

  it("cost one write each at worst, where many processes fight for a small bucket", async () => {
    const { asked_per_request } = await run(
      { processes: 8, requests: 2_000, per_second: 300 },
      { per_second: 100, burst: 1 },
    );
    expect(asked_per_request).toBeLessThanOrEqual(1);
  });

  it("that come now and then cost no write at all", async () => {
    expect(await run({ processes: 1, requests: 1_000, per_second: 0.4 })).toEqual({ off_by: 0, asked_per_request: 0 });
  });
});

describe("a refused request", () => {
  it("is told when to come again, and is let in then", async () => {
    const limiter = rateLimiter(bucket());
    const limit = { per_second: 0.5, burst: 2 };
    let last = await limiter.admit("a", limit, START);
    for (let tries = 0; last.allowed && tries < 10; tries++) last = await limiter.admit("a", limit, START);
    expect(last).toMatchObject({ allowed: false, remaining: 0 });
    expect(last.retry_after_ms).toBeGreaterThan(1_000);
    expect(await limiter.admit("a", limit, START + last.retry_after_ms - 1)).toMatchObject({ allowed: false });
    expect(await limiter.admit("a", limit, START + last.retry_after_ms)).toMatchObject({ allowed: true });
  });

  it("is nobody else's", async () => {
    const limiter = rateLimiter(bucket());
    const limit = { per_second: 1, burst: 1 };
    for (let n = 0; n < 5; n++) await limiter.admit("a", limit, START);
    expect(await limiter.admit("b", limit, START)).toMatchObject({ allowed: true });
  });

  it("is not made up where the bucket could not be asked", async () => {
    const broken: RateBuckets = {
      take: async () => {
        throw new Error("no table");
      },
    };
    const limiter = rateLimiter(broken);
    for (let n = 0; n < 5; n++) expect(await limiter.admit("a", LIMIT, START)).toMatchObject({ allowed: true });
    await expect(limiter.admit("a", LIMIT, START)).rejects.toThrow("no table");
    await expect(limiter.admit("a", LIMIT, START)).rejects.toThrow("no table");
  });
});
