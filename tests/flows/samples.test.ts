import { afterAll, beforeAll, expect, it } from "vitest";
import { handler as sweep } from "../../functions/schedules/sweep.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane();
});
afterAll(() => plane.stop());

const metric_name = "tasks_queued_total";
const measured = (value: number, phase_id: string) =>
  plane.operator.sendSamples({ body: { samples: [{ metric_name, value, labels: { phase_id } }] } });
const ruleOf = (name: string, more: object = {}) =>
  plane.operator.createAlertRule({
    body: { name, metric: metric_name, condition: "value > 20", severity: "warning", ...more },
  });
/** The states of a rule's alerts of a phase, newest first. */
const statesOf = async (name: string, phase_id: string) => {
  const query = { matcher: `phase_id="${phase_id}"`, state: "pending,firing,acknowledged,resolved" };
  const { items } = await plane.operator.listAlerts({ query });
  return items.filter(({ labels }) => labels.alertname === name).map(({ state }) => state);
};
/** Sends a sample until a rule that was made just now says so of its alert: a process trusts what it read for two seconds. */
const measuredUntil = (state: string, value: number, name: string, phase_id: string) =>
  until(`${name} is ${state}`, async () => {
    await measured(value, phase_id);
    return (await statesOf(name, phase_id))[0] === state;
  });

it("a sample over a rule's bound makes an alert at once, and one below ends it", async () => {
  await ruleOf("queue_is_long");
  await measuredUntil("firing", 25, "queue_is_long", "PHASE_A");
  await measured(3, "PHASE_A");
  expect(await statesOf("queue_is_long", "PHASE_A")).toEqual(["resolved"]);
  await measured(30, "PHASE_A");
  expect(await statesOf("queue_is_long", "PHASE_A")).toEqual(["firing", "resolved"]);
});

it("a value beyond the integers that a double tells apart stands in the alert, and its event passes the relay", async () => {
  await ruleOf("queue_is_endless");
  await measuredUntil("firing", 1e125, "queue_is_endless", "PHASE_D");
  const { items } = await plane.operator.listAlerts({ query: { matcher: 'phase_id="PHASE_D"' } });
  const alert = items.find(({ labels }) => labels.alertname === "queue_is_endless");
  expect(alert).toMatchObject({ value: 1e125 });
  await until("its event is told", async () => {
    const { items: told } = await plane.operator.listEvents({ query: { type: "monitor.alert.triggered" } });
    return told.some(({ data }) => (data as { alert_id?: string }).alert_id === alert?.alert_id);
  });
});

it("samples under an idempotency key are taken once", async () => {
  const labels: Record<string, string> = { phase_id: "PHASE_KEYED" };
  const send = (value: number, idempotency_key: string) =>
    plane.operator.sendSamples(
      { body: { samples: [{ metric_name: "tasks_completed_total", value, labels }] } },
      { idempotency_key },
    );
  const kept = async () => {
    const page = await plane.operator.getMetricHistory({ params: { name: "tasks_completed_total" }, query: labels });
    return page.items.map(({ value }) => value);
  };
  const first = await send(3, "count-1");
  expect(await send(3, "count-1")).toEqual(first);
  expect(await kept()).toEqual([3]);
  await expect(send(4, "count-1")).rejects.toMatchObject({ status: 409, code: "idempotency.key_reused" });
  await send(3, "count-2");
  expect(await kept()).toEqual([3, 3]);
});

it("what must last pends first", async () => {
  await ruleOf("queue_stays_long", { for: "5m" });
  await measuredUntil("pending", 25, "queue_stays_long", "PHASE_B");
  await measured(3, "PHASE_B");
  expect(await statesOf("queue_stays_long", "PHASE_B")).not.toContain("pending");
});

it("the alert of a rule that is deleted is resolved by the sweep", async () => {
  await ruleOf("queue_is_odd");
  await measuredUntil("firing", 25, "queue_is_odd", "PHASE_C");
  await plane.operator.deleteAlertRule({ params: { name: "queue_is_odd" } });
  await until("its alert is resolved", async () => {
    await sweep();
    return (await statesOf("queue_is_odd", "PHASE_C"))[0] === "resolved";
  });
});

it("an alert whose rule is put on another metric goes on while that one breaches, and ends elsewhere", async () => {
  const name = "queue_is_moved";
  await ruleOf(name);
  await measuredUntil("firing", 25, name, "PHASE_F");
  await measuredUntil("firing", 25, name, "PHASE_G");
  const other = "task_wait_seconds";
  const body = { name, metric: other, condition: "value > 20", severity: "warning" } as const;
  await plane.operator.replaceAlertRule({ params: { name }, body });
  const labels = { phase_id: "PHASE_F" };
  await until("the other metric breaches", async () => {
    await plane.operator.sendSamples({ body: { samples: [{ metric_name: other, value: 25, labels }] } });
    const { items } = await plane.operator.listAlerts({ query: { matcher: 'phase_id="PHASE_F"' } });
    return items.some(({ metric_name: metric }) => metric === other);
  });
  await until("what the rule said of its former metric is over", async () => {
    await sweep();
    return (await statesOf(name, "PHASE_G"))[0] === "resolved";
  });
  expect(await statesOf(name, "PHASE_F")).toEqual(["firing"]);
});

it("a shipped rule fires on a sample of its metric", async () => {
  const agent_id = "agent_of_the_test";
  await plane.operator.sendSamples({
    body: { samples: [{ metric_name: "agent.heartbeat.missed", value: 3, labels: { agent_id } }] },
  });
  const { items } = await plane.operator.listAlerts({ query: { matcher: `agent_id="${agent_id}"` } });
  expect(items).toMatchObject([
    { state: "firing", labels: { alertname: "agent_heartbeat_missed", agent_id }, severity: "warning" },
  ]);
});
