import type { Tables } from "@omoios/adapters/dynamodb/client";
import { defaultLimits } from "@omoios/contracts/default-limits";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type AgentsPlane, agentsPlane } from "../harness/agents-plane.ts";
import { withTables } from "../harness/dynamodb.ts";

const PER_SECOND = 100;
const BURST = 100;
const SECONDS = 10;
/** Each 20 ms of the plane's own time, so many arrive at once. */
const STEP_MS = 20;
const AT_ONCE = 20;

let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => ({ tables, stop } = await withTables()));
afterAll(() => stop());

const rate_limits = { ...defaultLimits.rate_limits, read: { per_second: PER_SECOND, burst: BURST } };

it.each([
  { processes: 1, off: 0.05 },
  { processes: 8, off: 0.25 },
])("10,000 requests over HTTP through $processes with a limit of 100 a second", async ({ processes, off }) => {
  // Each has its own shares of the buckets, and meets the others in the tables alone.
  const planes = await Promise.all(
    Array.from({ length: processes }, () => agentsPlane(tables, { limits: { rate_limits } })),
  );
  const [{ operator_key: key }] = planes as [AgentsPlane];
  let sent = 0;
  let allowed = 0;
  for (let ms = 0; ms < SECONDS * 1000; ms += STEP_MS) {
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, () =>
        (planes[sent++ % processes] as AgentsPlane).call("GET", "/whoami", { key }),
      ),
    );
    for (const { status, headers, body } of answers) {
      if (status === 200) allowed += 1;
      else {
        expect(status).toBe(429);
        expect(body).toMatchObject({ code: "rate.limited", rate_class: "read" });
        expect(headers.get("retry-after")).toBe("1");
        expect(headers.get("ratelimit")).toMatch(/^"read";r=0;t=1$/);
      }
    }
    for (const plane of planes) plane.pass(STEP_MS);
  }
  expect(sent).toBe(10_000);
  const right = BURST + PER_SECOND * SECONDS;
  expect(Math.abs(allowed - right) / right).toBeLessThan(off);
});
