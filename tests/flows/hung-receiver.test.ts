import { createServer, type ServerResponse } from "node:http";
import { notification } from "@omoios/contracts/shapes/alert";
import { MOST_AT_ONCE } from "@omoios/domain/alerting/receiver-slots";
import { afterAll, beforeAll, expect, it } from "vitest";
import { configWith } from "../harness/alert-receivers.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";

const KEY = `whsec_${Buffer.from("a key that both of them know").toString("base64")}`;
const HUNG = 60;

/** A server that lets some of its callers wait until it is released. */
async function startReceivers() {
  const told = { good: new Set<string>(), hung: new Set<string>() };
  const waiting = new Set<ServerResponse>();
  const seen = { hangs: true, most: 0, ended: 0 };
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { alerts } = notification().parse(JSON.parse(Buffer.concat(parts).toString("utf8")));
    const take = (name: "good" | "hung") => {
      for (const { labels } of alerts) told[name].add(labels.host ?? "");
      response.writeHead(200).end();
    };
    if (request.url === "/good") return take("good");
    if (!seen.hangs) return take("hung");
    waiting.add(response);
    seen.most = Math.max(seen.most, waiting.size);
    response.once("close", () => {
      waiting.delete(response);
      seen.ended++;
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  return {
    told,
    seen,
    waiting,
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    /** Those who wait are cut off, and nobody waits from now on. */
    release() {
      seen.hangs = false;
      for (const response of waiting) response.destroy();
    },
    stop: () => new Promise((closed) => server.close(closed)),
  };
}

let receivers: Awaited<ReturnType<typeof startReceivers>>;
let config: ReturnType<typeof configWith>;
let plane: TestPlane;
beforeAll(async () => {
  receivers = await startReceivers();
  config = configWith(`
receivers:
  - { name: good, type: webhook, url: "${receivers.url}/good", secret: "${KEY}" }
  - { name: hung, type: webhook, url: "${receivers.url}/hung", secret: "${KEY}" }
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
  await until("the other one is told", async () => receivers.told.good.has("good"));
  // One is told while those hang that hung before, or the next ones.
  expect(receivers.seen.ended - ended).toBeLessThanOrEqual(MOST_AT_ONCE);
  // The next try may begin before the server has seen that the one before was ended.
  expect(receivers.seen.most).toBeLessThanOrEqual(2 * MOST_AT_ONCE);
  receivers.release();
  await until("all are told after all", async () => receivers.told.hung.size === HUNG, {
    timeout_ms: 150_000,
  });
});
