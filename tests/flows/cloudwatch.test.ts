import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { ALARM_STATE_CHANGE } from "@omoios/contracts/default-bus";
import { afterAll, beforeAll, expect, test } from "vitest";
import { handler } from "../../functions/consumers/alert-on-event.ts";
import { type AlertReceivers, configWith, startAlertReceivers } from "../harness/alert-receivers.ts";
import { RECEIVER_KEY } from "../harness/alerted-plane.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";

/** Half an hour ago: what is much older has left the table by its time to live. */
const START = Date.now() - 1_800_000;

let plane: TestPlane;
let receivers: AlertReceivers;
let config: ReturnType<typeof configWith>;
let bus: EventBridgeClient;

beforeAll(async () => {
  receivers = await startAlertReceivers(RECEIVER_KEY);
  config = configWith(`
receivers:
  - { name: desk, type: webhook, url: "${receivers.url("desk")}", secret: "${RECEIVER_KEY}" }
route: { receiver: desk, group_by: ['...'], group_wait: 0s, group_interval: 1s }
`);
  const stages = join(config.dir, "stages.yaml");
  const shipped = readFileSync(stages, "utf8");
  writeFileSync(stages, shipped.replace("cloudwatch_alarms: []", "cloudwatch_alarms: [checkout-*]"));
  plane = await startTestPlane({}, { config: config.dir });
  const credentials = { accessKeyId: "k", secretAccessKey: "s" };
  bus = new EventBridgeClient({ endpoint: plane.endpoints.events, region: plane.places.region, credentials });
});
afterAll(async () => {
  bus.destroy();
  await plane.stop();
  await receivers.stop();
  config.remove();
});

/** A time as CloudWatch writes it. */
const written = (minute: number) => new Date(START + minute * 60_000).toISOString().replace("Z", "+0000");

/** An alarm's change of state as CloudWatch tells it, that many minutes after the start. */
const changed = (alarmName: string, value: string, minute: number) => ({
  alarmName,
  configuration: { description: "What it watches", metrics: [] },
  previousState: { value: "OK", timestamp: written(-60) },
  state: { value, reason: "Threshold Crossed", timestamp: written(minute) },
});

const puts = (...details: object[]) =>
  bus.send(
    new PutEventsCommand({
      Entries: details.map((detail) => ({
        Source: "aws.cloudwatch",
        DetailType: ALARM_STATE_CHANGE,
        Detail: JSON.stringify(detail),
      })),
    }),
  );

/** Every occurrence of an alarm's alert, newest first. */
const alertsOf = async (alarm_name: string) => {
  const query = { matcher: `alarm_name="${alarm_name}"`, state: "pending,firing,acknowledged,resolved" };
  return (await plane.operator.listAlerts({ query })).items;
};
const statesOf = async (alarm_name: string) => (await alertsOf(alarm_name)).map(({ state }) => state);

const becomes = (alarm_name: string, ...states: string[]) =>
  until(`${alarm_name} is ${states}`, async () => String(await statesOf(alarm_name)) === String(states));

const toldOf = (alarm_name: string) => receivers.taken("desk", alarm_name).map(({ body }) => body.status);
const told = (alarm_name: string, ...statuses: string[]) =>
  until(`desk was told of ${alarm_name}: ${statuses}`, async () => String(toldOf(alarm_name)) === String(statuses));

/** The queue's handler with messages as SQS brings them; gives those that come again. */
async function handled(...bodies: unknown[]): Promise<string[]> {
  const Records = bodies.map((body, n) => ({ messageId: String(n), body: JSON.stringify(body) }));
  const { batchItemFailures } = await handler({ Records } as Parameters<typeof handler>[0]);
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}
const brought = (detail: unknown) => ({
  version: "0",
  id: crypto.randomUUID(),
  "detail-type": ALARM_STATE_CHANGE,
  source: "aws.cloudwatch",
  account: "000000000000",
  time: new Date(START).toISOString(),
  region: plane.places.region,
  resources: [],
  detail,
});

test("an alarm of the stage is an alert, told and resolved once, however often and in which order its states are told", async () => {
  const alarm = "local-omoios-sweep-silent";
  const [goes_off, is_over] = [changed(alarm, "ALARM", 0), changed(alarm, "OK", 5)];
  await puts(goes_off);
  await told(alarm, "firing");
  expect(receivers.taken("desk", alarm)[0]).toMatchObject({
    signed: true,
    body: { alerts: [{ labels: { alertname: "cloudwatch_alarm", severity: "error", alarm_name: alarm } }] },
  });
  const [alert] = await alertsOf(alarm);
  expect(alert).toMatchObject({ state: "firing", annotations: { description: "What it watches" } });
  await puts(goes_off, changed(alarm, "INSUFFICIENT_DATA", 2));
  await puts(is_over);
  await told(alarm, "firing", "resolved");
  expect(await handled(brought(is_over), brought(goes_off), brought(goes_off))).toEqual([]);
  await puts(changed(alarm, "ALARM", 10));
  await told(alarm, "firing", "resolved", "firing");
  await becomes(alarm, "firing", "resolved");
});

test("a state that comes before the one before it opens nothing", async () => {
  const alarm = "local-omoios-relay-lags";
  // One after the other: messages of one batch are taken side by side.
  expect(await handled(brought(changed(alarm, "OK", 5)))).toEqual([]);
  expect(await handled(brought(changed(alarm, "ALARM", 0)))).toEqual([]);
  expect(await statesOf(alarm)).toEqual([]);
  expect(toldOf(alarm)).toEqual([]);
});

test("of others' alarms those are heard that the stage's configuration names, and none that tells of alerts", async () => {
  const unheard = ["billing", "local-omoios-critical-alerts", "other-omoios-sweep-silent"];
  const heard = ["checkout-errors", "local-omoios-api-errors"];
  await puts(...[...unheard, ...heard].map((name) => changed(name, "ALARM", 0)));
  for (const name of heard) await becomes(name, "firing");
  for (const name of unheard) expect(await statesOf(name)).toEqual([]);
});

test("what is no alarm's change comes again, until it is a dead letter; the others of its batch are heard", async () => {
  const alarm = "local-omoios-timers-errors";
  const { state: _, ...stateless } = changed(alarm, "ALARM", 0);
  const late = changed(alarm, "ALARM", 0);
  const timeless = { ...late, state: { ...late.state, timestamp: "today" } };
  expect(await handled(brought(stateless), brought(late), brought(timeless), brought(null))).toEqual(["0", "2", "3"]);
  expect(await statesOf(alarm)).toEqual(["firing"]);
});
