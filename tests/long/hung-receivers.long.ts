import { FAILING_AT_ONCE } from "@omoios/domain/alerting/receiver-slots";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startHangingPlane } from "../harness/hanging-receivers.ts";
import { until } from "../harness/until.ts";

const HUNG = Array.from({ length: 20 }, (_, n) => `hung-${n}`);

let stage: Awaited<ReturnType<typeof startHangingPlane>>;
let receivers: typeof stage.receivers;
beforeAll(async () => {
  stage = await startHangingPlane(HUNG);
  ({ receivers } = stage);
});
afterAll(() => stage.stop());

const says = (host: string, teams: readonly string[]) => stage.says(teams.map((team) => ({ host, team })));

/** Tells the healthy one of something; gives how many hung tries ended before it knew. */
async function endedBefore(host: string): Promise<number> {
  const { ended } = receivers.seen;
  await says(host, ["good"]);
  await until(`the healthy one is told of ${host}`, async () => receivers.toldOf("good").has(host));
  return receivers.seen.ended - ended;
}

it("twenty receivers that hang have few places, and a healthy one waits for none of them", async () => {
  await says("h1", HUNG);
  await until("all hang", async () => receivers.waiting.size === HUNG.length);
  expect(await endedBefore("g1")).toBeLessThanOrEqual(FAILING_AT_ONCE);
  await until("all have failed", async () => receivers.seen.ended >= HUNG.length);
  const first = receivers.seen.ended;
  receivers.seen.most = 0;
  await says("h2", HUNG);
  await until("they are tried again", async () => receivers.seen.ended >= first + 2 * FAILING_AT_ONCE);
  expect(await endedBefore("g2")).toBeLessThanOrEqual(FAILING_AT_ONCE);
  // The next try may begin before the server has seen that the one before was ended.
  expect(receivers.seen.most).toBeLessThanOrEqual(2 * FAILING_AT_ONCE);
  receivers.release();
  const isAllTold = async () => HUNG.every((name) => receivers.toldOf(name).size === 2);
  await until("all are told after all", isAllTold, { timeout_ms: 240_000 });
});
