import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { handler as sweep } from "../../functions/schedules/sweep.ts";
import { type AlertReceivers, configWith, startAlertReceivers } from "../harness/alert-receivers.ts";
import { RECEIVER_KEY } from "../harness/alerted-plane.ts";
import { type ChangingPlane, startChangingPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";

let changing: ChangingPlane;
let receivers: AlertReceivers;
let config: ReturnType<typeof configWith>;

const routingTo = (name: string) => `
receivers: [{ name: ${name}, type: webhook, url: "${receivers.url(name)}", secret: "${RECEIVER_KEY}" }]
route: { receiver: ${name}, group_by: ['...'], group_wait: 0s }
`;

beforeAll(async () => {
  receivers = await startAlertReceivers(RECEIVER_KEY);
  config = configWith(routingTo("away"));
  changing = await startChangingPlane({}, { config: config.dir });
});
afterAll(async () => {
  await changing.stop();
  await receivers.stop();
  config.remove();
});

test("what waits for a receiver that the configuration names no more is told to the one in its place", async () => {
  receivers.answers("away", ...Array.from({ length: 50 }, () => 503));
  const alerts = [{ status: "firing", labels: { alertname: "disk_full", host: "h1" } }] as const;
  await changing.plane.operator.ingestAlertmanager({ body: { version: "4", alerts: [...alerts] } });
  await until("the receiver was tried", async () => receivers.taken("away", "h1").length > 0);
  writeFileSync(join(config.dir, "alert_routing.yaml"), routingTo("desk"));
  await changing.change({});
  await until("the one in its place is told", async () => {
    await sweep();
    return receivers.taken("desk", "h1").length > 0;
  });
  expect(receivers.taken("desk", "h1").map(({ body, signed }) => [body.status, signed])).toEqual([["firing", true]]);
  const { items } = await changing.plane.operator.listReceiverDeadLetters({ params: { name: "away" } });
  expect(items.map(({ detail }) => detail)).toEqual(["the configuration has no such receiver any more"]);
});
