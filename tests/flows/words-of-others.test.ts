import { afterAll, beforeAll, expect, test } from "vitest";
import { type AlertReceivers, configWith, startAlertReceivers } from "../harness/alert-receivers.ts";
import { RECEIVER_KEY } from "../harness/alerted-plane.ts";
import { type ChangingPlane, startChangingPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";

/** What a queue's message may not hold as it is, or only on some queues. */
const ROOM = 'the "fox\'s" den 🦊\n日本 \ufffe\uffff\u0001';

let changing: ChangingPlane;
let receivers: AlertReceivers;
let config: ReturnType<typeof configWith>;

beforeAll(async () => {
  receivers = await startAlertReceivers(RECEIVER_KEY);
  config = configWith(
    `
receivers:
  - { name: desk, type: webhook, url: "${receivers.url("desk")}", secret: "${RECEIVER_KEY}" }
  - { name: mail, type: email, to: [oncall@example.com] }
route:
  receiver: mail
  routes:
    - { matchers: ['alertname="den_open"'], receiver: desk, group_by: ['...'], group_wait: 0s, group_interval: 1s }
`,
    {
      den_open: `
policy:
  name: den_open
  triggers: [{ alert: den_open }]
  actions: [{ type: notify }]
  limits: { per_target: 3/1h, per_fleet: 10/5m, cooldown: 60s }
  escalation: { to: guardian, after_attempts: 2, within: 5m }
  authority: MONITOR
`,
    },
  );
  changing = await startChangingPlane({}, { config: config.dir });
});
afterAll(async () => {
  await changing.stop();
  await receivers.stop();
  config.remove();
});

const says = (status: "firing" | "resolved") =>
  changing.plane.operator.ingestAlertmanager({
    body: { version: "4", alerts: [{ status, labels: { alertname: "den_open", room: ROOM } }] },
  });

test("labels with any character go to the receivers, over the bus and into the dead letters, and a start tells of them again", async () => {
  receivers.answers("desk", 200, 400);
  await says("firing");
  await until("the desk was told", async () => receivers.taken("desk", ROOM).length === 1);
  await until("the watchdog heard of it", async () => {
    const { items } = await changing.plane.operator.listWatchdogActions({ query: {} });
    return items.some(({ policy }) => policy === "den_open");
  });
  await says("resolved");
  const letter = await until("its end is a dead letter", async () => {
    const { items } = await changing.plane.operator.listReceiverDeadLetters({ params: { name: "desk" } });
    return items[0];
  });
  expect(letter.alerts.map(({ labels }) => labels.room)).toEqual([ROOM]);
  await changing.change({});
  const { items } = await changing.plane.operator.listAlerts({
    query: { state: "resolved", matcher: 'alertname="den_open"' },
  });
  expect(items.map(({ labels }) => labels.room)).toEqual([ROOM]);
});
