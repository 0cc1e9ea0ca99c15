import { MOST_AT_ONCE } from "@omoios/domain/alerting/receiver-slots";
import { afterAll, beforeAll, expect, it } from "vitest";
import { configWith } from "../harness/alert-receivers.ts";
import { startHangingReceivers } from "../harness/hanging-receivers.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";

const KEY = `whsec_${Buffer.from("a key that both of them know").toString("base64")}`;
const HUNG = 60;

let receivers: Awaited<ReturnType<typeof startHangingReceivers>>;
let config: ReturnType<typeof configWith>;
let plane: TestPlane;
beforeAll(async () => {
  receivers = await startHangingReceivers();
  config = configWith(`
receivers:
  - { name: good, type: webhook, url: "${receivers.url("good")}", secret: "${KEY}" }
  - { name: hung, type: webhook, url: "${receivers.url("hung")}", secret: "${KEY}" }
route:
  receiver: good
  group_by: ['...']
  group_wait: 0s
  routes: [{ matchers: ['team="hung"'], receiver: hung }]
`);
  plane = await startTestPlane({}, { config: config.dir });
});
afterAll(async () => {
  await plane.stop();
  await receivers.stop();
  config.remove();
});

const says = (team: string, hosts: readonly string[]) =>
  plane.operator.ingestAlertmanager({
    body: {
      version: "4",
      alerts: hosts.map((host) => ({ status: "firing" as const, labels: { alertname: "disk_full", host, team } })),
    },
  });

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
