import { afterAll, beforeAll, expect, it } from "vitest";
import type { AlertReceivers } from "../harness/alert-receivers.ts";
import { RECEIVER_KEY, startAlertedPlane } from "../harness/alerted-plane.ts";
import type { TestPlane } from "../harness/plane.ts";
import { tableRequests } from "../harness/table-requests.ts";
import { until } from "../harness/until.ts";

/** Each takes two tries at a time. */
const DESKS = ["north", "east", "south", "west"];
const ALERTS = 100;
const GROUPS = 75;
/** Groups that are told at once; the others wait, as their notifications would keep the test for long. */
const TOLD = 25;
const MOST_REQUESTS_AN_ALERT = 0.5;

let receivers: AlertReceivers;
let plane: TestPlane;
let stop: () => Promise<void>;
const requests = tableRequests();

beforeAll(async () => {
  const routes = DESKS.map((name) => `    - { matchers: ['desk="${name}"'], receiver: ${name}, group_wait: 0s }`);
  const routing = (url: AlertReceivers["url"]) => `
receivers:
${DESKS.map((name) => `  - { name: ${name}, type: webhook, url: "${url(name)}", secret: "${RECEIVER_KEY}" }`).join("\n")}
route:
  receiver: north
  group_by: [service]
  group_wait: 1h
  routes:
${routes.join("\n")}
`;
  // What is told is the doing of timers: a sweep would look at a group in the middle of a webhook.
  ({ plane, receivers, stop } = await startAlertedPlane(
    routing,
    {},
    { sweepless: true, around: { "functions/http/control.ts": requests.around } },
  ));
});
afterAll(() => stop());

interface Alert {
  service: string;
  host: string;
  desk: string;
}

const says = (alerts: readonly Alert[], annotations: Record<string, string> = {}, idempotency_key?: string) =>
  plane.operator.ingestAlertmanager(
    {
      body: {
        version: "4",
        alerts: alerts.map((labels) => ({
          status: "firing" as const,
          labels: { alertname: "disk_full", ...labels },
          annotations,
        })),
      },
    },
    idempotency_key === undefined ? {} : { idempotency_key },
  );

/** Hosts of which each notification to that desk about that service told. */
const told = (desk: string, service: string) =>
  receivers.taken(desk, service).map(({ body }) => body.alerts.map(({ labels }) => labels.host).sort());

const toldOf = (desk: string, service: string) =>
  until(`${desk} is told of ${service}`, async () => receivers.taken(desk, service)[0], { timeout_ms: 120_000 });

async function firing(matcher: string): Promise<string[]> {
  const hosts: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { matcher, limit: 100, ...(cursor === undefined ? {} : { cursor }) };
    const { items, next_cursor } = await plane.operator.listAlerts({ query });
    hosts.push(...items.map(({ labels }) => labels.host ?? ""));
    cursor = next_cursor ?? undefined;
  } while (cursor !== undefined);
  return hosts.sort();
}

it("a webhook of many groups asks little of the tables, keeps every alert, and tells of each group once", async () => {
  const alerts = Array.from({ length: ALERTS }, (_, n): Alert => {
    const group = n % GROUPS;
    return {
      service: `service-${group}`,
      host: `host-${n}`,
      desk: (group < TOLD && DESKS[group % DESKS.length]) || "none",
    };
  });
  const services = alerts.slice(0, TOLD);
  const hostsOf = (name: string) => alerts.flatMap(({ service, host }) => (service === name ? [host] : [])).sort();
  const first = await requests.during(() => says(alerts));
  expect(first / ALERTS).toBeLessThanOrEqual(MOST_REQUESTS_AN_ALERT);
  expect(await firing('service=~"service-.+"')).toEqual(alerts.map(({ host }) => host).sort());
  for (const { desk, service } of services) await toldOf(desk, service);
  const again = await requests.during(() => says(alerts));
  expect(again / ALERTS).toBeLessThanOrEqual(MOST_REQUESTS_AN_ALERT);
  for (const desk of DESKS) {
    await says([{ service: `after ${desk}`, host: "last", desk }]);
    await toldOf(desk, `after ${desk}`);
  }
  for (const { desk, service } of services) expect(told(desk, service)).toEqual([hostsOf(service)]);
}, 240_000);

it("what one webhook says of one group is told in one notification, however many alerts it is", async () => {
  const pair = ["left", "right"].map((host) => ({ service: "pair", host, desk: "north" }));
  await says(pair);
  await toldOf("north", "pair");
  expect(told("north", "pair")).toEqual([["left", "right"]]);
  const crowd = Array.from({ length: 70 }, (_, n) => ({ service: "crowd", host: `crowd-${n}`, desk: "north" }));
  await says(crowd);
  await toldOf("north", "crowd");
  expect(told("north", "crowd")).toEqual([crowd.map(({ host }) => host).sort()]);
});

it("a webhook of a storm is taken whole: an Alertmanager does not send again what was refused", async () => {
  const storm = Array.from({ length: 150 }, (_, n) => ({ service: "storm", host: `storm-${n}`, desk: "none" }));
  await says(storm, { description: "x".repeat(5_000) });
  expect(await firing('service="storm"')).toEqual(storm.map(({ host }) => host).sort());
});

it("a webhook under an idempotency key is taken once: what was resolved meanwhile does not fire again", async () => {
  const alerts = [{ service: "keyed", host: "once", desk: "none" }];
  const first = await says(alerts, {}, "webhook-1");
  const { items } = await plane.operator.listAlerts({ query: { matcher: 'service="keyed"' } });
  for (const { alert_id } of items) await plane.operator.resolveAlert({ params: { alert_id }, body: {} });
  const asked = await requests.during(async () => expect(await says(alerts, {}, "webhook-1")).toEqual(first));
  // The mark that stands in the way, what it says, and the caller's key.
  expect(asked).toBeLessThanOrEqual(3);
  expect(await firing('service="keyed"')).toEqual([]);
  await says(alerts, {}, "webhook-2");
  expect(await firing('service="keyed"')).toEqual(["once"]);
  await expect(says([], {}, "webhook-2")).rejects.toMatchObject({ code: "idempotency.key_reused" });
});
