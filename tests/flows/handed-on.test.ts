import type { RouteReply } from "@omoios/contracts/routes";
import { createClient } from "@omoios/sdk/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configWith, MAIL_AT_ONCE } from "../harness/alert-receivers.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until, untilHolds } from "../harness/until.ts";

let plane: TestPlane;
let config: ReturnType<typeof configWith>;
beforeAll(async () => {
  config = configWith(MAIL_AT_ONCE);
  plane = await startTestPlane({}, { config: config.dir });
});
afterAll(async () => {
  await plane.stop();
  config.remove();
});

const reason = "It answers in riddles";
const alertOn = (agent_id: string) =>
  until(`somebody is told of ${agent_id}`, async () => {
    const query = { matcher: `agent_id="${agent_id}"`, alertname: "watchdog_escalation" };
    return (await plane.operator.listAlerts({ query })).items[0];
  });
const handOn = (client: TestPlane["operator"], agent_id: string) =>
  client.startWatchdogAction({ body: { action: "escalate", target: { kind: "agent", id: agent_id }, reason } });
type Told = RouteReply<"listAlertDeliveries">["items"][number];
const isTaken = ({ tries }: Told) => tries.some(({ outcome }) => outcome === "delivered");
const statusOf = async (agent_id: string) => (await plane.operator.getAgent({ params: { agent_id } })).status;

test("what a person hands on pages at once, with who, why and what, until somebody has handled it", async () => {
  const { agent_id } = await plane.agent();
  const { remediation_id, requested_by } = await handOn(plane.operator, agent_id);
  const { alert_id } = await alertOn(agent_id);
  const params = { alert_id };
  const alert = await plane.operator.getAlert({ params });
  expect(alert).toMatchObject({
    severity: "critical",
    state: "firing",
    labels: { policy: "by_hand", agent_id },
    annotations: {
      summary: `agent ${agent_id} is handed on: ${requested_by} asks for it: ${reason}`,
      remediation_id,
    },
  });
  const told = () => plane.operator.listAlertDeliveries({ params });
  await until("it is told", async () => (await told()).items.some(isTaken));
  // The guardian heard of it too, in the name of one who may have that done.
  await untilHolds(async () => expect(await statusOf(agent_id)).toBe("QUARANTINED"));
  await plane.operator.acknowledgeAlert({ params });
  expect((await plane.operator.getAlert({ params })).state).toBe("acknowledged");
  await plane.operator.resolveAlert({ params, body: { note: "It was given other tools" } });
  await until("its end is told", async () => {
    const { items } = await told();
    return items.filter(isTaken).length === 2;
  });
  expect((await plane.operator.getAlert({ params })).state).toBe("resolved");
  // No rule pages for the same.
  const { items } = await plane.operator.listAlerts({ query: { alertname: "watchdog_escalation" } });
  expect(items).toEqual([]);
});

test("who may not quarantine an agent has no guardian do it by handing it on, and people are told all the same", async () => {
  const { agent_id } = await plane.agent();
  const body = { name: "watcher", scopes: ["alerts:write" as const], authority: "WATCHDOG" as const };
  const { api_key } = await plane.operator.createApiKey({ body });
  await handOn(createClient({ url: plane.url, api_key }), agent_id);
  await alertOn(agent_id);
  const [refused] = await until("the guardian has heard of it", async () => {
    const { items } = await plane.operator.listInterventions({ query: { target: agent_id } });
    return items.length > 0 && items;
  });
  expect(refused).toMatchObject({
    policy: "emergency",
    status: "refused",
    refused: { code: "auth.authority_too_low", why: expect.stringContaining("has WATCHDOG") },
  });
  expect(await statusOf(agent_id)).toBe("IDLE");
});
