import { createClient } from "@omoios/sdk/client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { configWith } from "../harness/alert-receivers.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";
import { refusalOf } from "../harness/work.ts";

const ROUTING = `
receivers: [{ name: mail, type: email, to: [oncall@example.com] }]
route: { receiver: mail, group_by: ['...'], group_wait: 0s, group_interval: 1s }
`;
const HOPELESS = `
policy:
  name: hopeless
  triggers: [{ alert: lost_agent }]
  actions: [{ type: restart, verify_within: 1s }, { type: failover, verify_within: 1s }]
  limits: { per_fleet: 100/1h }
`;

/** The shipped policies of the guardian, over a watchdog whose repairs help nobody. */
let plane: TestPlane;
let config: ReturnType<typeof configWith>;

beforeAll(async () => {
  config = configWith(ROUTING, { hopeless: HOPELESS });
  plane = await startTestPlane({ restart_grace_seconds: 0 }, { config: config.dir });
});
afterAll(async () => {
  await plane.stop();
  config.remove();
});

const fires = (alertname: string, labels: Record<string, string>, by = plane.operator) =>
  by.ingestAlertmanager({
    body: { version: "4", alerts: [{ status: "firing", labels: { alertname, ...labels } }] },
  });

const actions = async () => (await plane.operator.listInterventions({ query: {} })).items;

it("where a restart did not help the agent's phase is given capacity from elsewhere", async () => {
  const lost = await plane.agent({ phase_ids: ["PHASE_TESTING"] });
  const taker = await plane.agent({ phase_ids: ["PHASE_TESTING"], capacity: 2 });
  const giver = await plane.agent({ phase_ids: ["PHASE_IMPLEMENTATION"], capacity: 6 });
  await fires("lost_agent", { agent_id: lost.agent_id });
  const done = await until("the guardian acts", async () => (await actions())[0]);
  expect(done).toMatchObject({
    action: "reallocate_capacity",
    policy: "resource_reallocation",
    status: "applied",
    target: { id: giver.agent_id },
    parameters: { to_agent_id: taker.agent_id, amount: 1 },
  });
  expect(await actions()).toHaveLength(1);
});

it("that there is nobody to help it is shown, and pages nobody", async () => {
  const lost = await plane.agent({ phase_ids: ["PHASE_DESIGN"] });
  await fires("lost_agent", { agent_id: lost.agent_id });
  const refused = await until("it stands there", async () =>
    (await actions()).find(({ status, target }) => status === "refused" && target.id === "PHASE_DESIGN"),
  );
  expect(refused).toMatchObject({ target: { kind: "phase" }, refused: { code: "agent.capacity_refused" }, before: {} });
});

it("what a policy is refused stands among its actions with the reason, is logged, and somebody is told", async () => {
  const body = { name: "weak", scopes: ["alerts:write" as const], authority: "MONITOR" as const };
  const { api_key } = await plane.operator.createApiKey({ body });
  await fires("high_queue_depth", { phase_id: "PHASE_TESTING" }, createClient({ url: plane.url, api_key }));
  const refused = await until("it stands there", async () =>
    (await actions()).find(({ refused }) => refused?.code === "auth.authority_too_low"),
  );
  expect(refused).toMatchObject({ status: "refused", policy: "resource_reallocation", before: {}, after: {} });
  expect(refused.refused?.why).toContain("has MONITOR");
  await until("its alert fires", async () => {
    const { items } = await plane.operator.listAlerts({ query: { alertname: "guardian_intervention_refused" } });
    return items.length === 1 && items[0]?.labels.policy === "resource_reallocation";
  });
  const audited = await until("it is in the audit", async () => {
    const { items } = await plane.operator.listAudit({ query: { subject: "guardian", limit: 100 } });
    const its = items.filter(({ after }) => after.action_id === refused.action_id);
    return its.length > 0 && its;
  });
  expect(audited.map(({ what }) => what)).toEqual(["guardian.intervention.refused"]);
  const params = { action_id: refused.action_id };
  const undo = await refusalOf(plane.operator.revertIntervention({ params, body: { reason: "Nothing was done" } }));
  expect(undo.code).toBe("guardian.nothing_to_change");
});
