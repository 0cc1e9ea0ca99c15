import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({
    claim_retry_after_ms__least: 1_234,
    claim_retry_after_ms__most: 3_000,
    claim_retry_jitter: 0,
  });
});
afterAll(() => plane.stop());

it("an agent without work is told to ask again as the limits of the stage say", async () => {
  const idle = await plane.agent();
  const told: number[] = [];
  for (let n = 0; n < 3; n += 1) told.push((await idle.claim({})).retry_after_ms);
  expect(told).toEqual([1_234, 2_468, 3_000]);
});
