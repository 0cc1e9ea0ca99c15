import { MOST_AT_ONCE } from "@omoios/domain/alerting/receiver-slots";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startHangingPlane } from "../harness/hanging-receivers.ts";
import { until } from "../harness/until.ts";

const HUNG = 60;

let stage: Awaited<ReturnType<typeof startHangingPlane>>;
let receivers: typeof stage.receivers;
beforeAll(async () => {
  stage = await startHangingPlane(["hung"]);
  ({ receivers } = stage);
});
afterAll(() => stage.stop());

const says = (team: string, hosts: readonly string[]) => stage.says(hosts.map((host) => ({ host, team })));

it("a receiver that hangs delays no other, and loses nothing by it", async () => {
  const hosts = Array.from({ length: HUNG }, (_, n) => `hung-${n}`);
  for (let from = 0; from < HUNG; from += 10) await says("hung", hosts.slice(from, from + 10));
  await until("tries hang", async () => receivers.waiting.size > 0);
  const ended = receivers.seen.ended;
  await says("good", ["good"]);
  await until("the other one is told", async () => receivers.toldOf("good").has("good"));
  // One is told while those hang that hung before, or the next ones.
  expect(receivers.seen.ended - ended).toBeLessThanOrEqual(MOST_AT_ONCE);
  // The next try may begin before the server has seen that the one before was ended.
  expect(receivers.seen.most).toBeLessThanOrEqual(2 * MOST_AT_ONCE);
  receivers.release();
  await until("all are told after all", async () => receivers.toldOf("hung").size === HUNG, {
    timeout_ms: 150_000,
  });
});
