import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handler as sweep } from "../../functions/schedules/sweep.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";
import { claimNext, completed, heldTask, makeWork } from "../harness/work.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({ blocked_after_seconds: 3 });
});
afterAll(() => plane.stop());

const phase_id = "PHASE_BACKLOG";
const lastOf = async (metric_name: string, labels: Record<string, string> = { phase_id }) => {
  const { items } = await plane.operator.listSeries({ query: { metric_name, ...labels } });
  return items[0]?.value;
};
/** Sweeps until the series shows a value: the sums follow the table's stream. */
const swept = (metric_name: string, value: number, labels?: Record<string, string>) =>
  until(`${metric_name} is ${value}`, async () => {
    await sweep();
    return (await lastOf(metric_name, labels)) === value;
  });
const alertsOf = async (alertname: string, matcher?: string) => {
  const query = { state: "pending,firing,acknowledged,resolved", ...(matcher === undefined ? {} : { matcher }) };
  const { items } = await plane.operator.listAlerts({ query });
  return items.filter(({ labels }) => labels.alertname === alertname).map(({ state }) => state);
};

describe("the plane measures itself", () => {
  it("tasks that stand ready, are held, have completed, by phase and priority, without reading a task", async () => {
    const { agent, task_ids } = await makeWork(plane, [{ priority: "HIGH" }, { priority: "HIGH" }]);
    await swept("tasks_queued_total", 2, { phase_id, priority: "HIGH" });
    const worker = await agent();
    const task = await claimNext(worker);
    await swept("tasks_running", 1);
    expect(await lastOf("tasks_queued_total", { phase_id, priority: "HIGH" })).toBe(1);
    await worker.client.completeTask({ params: { task_id: task.task_id }, body: completed(task.fence) });
    await swept("tasks_completed_total", 1);
    expect(task_ids).toContain(task.task_id);
    expect(await lastOf("task_duration_seconds")).toBeGreaterThanOrEqual(0);
    expect(await lastOf("task_wait_seconds")).toBeGreaterThan(0);
    expect(await lastOf("task_success_ratio", {})).toBe(1);
  });

  it("agents that are active, and their share", async () => {
    const phase = "PHASE_TESTING";
    await plane.agent({ phase_ids: [phase] });
    await plane.agent({ phase_ids: [phase] });
    await swept("agents_active", 2, { phase_id: phase, agent_type: "worker" });
    await swept("agent_availability_ratio", 1, {});
  });

  it("writes nothing while nothing changes", async () => {
    await makeWork(plane, [{ priority: "LOW" }]);
    await swept("tasks_queued_total", 1, { phase_id, priority: "LOW" });
    const points = async () => {
      const query = { phase_id, priority: "LOW" } as object;
      return (await plane.operator.getMetricHistory({ params: { name: "tasks_queued_total" }, query })).items;
    };
    const before = await points();
    await sweep();
    await sweep();
    expect(await points()).toEqual(before);
  });
});

describe("shipped rules fire by themselves", () => {
  it("on a dead letter", async () => {
    const { agent, params, fence } = await heldTask(plane, { max_retries: 0 });
    await agent.client.failTask({ params, body: { fence, error: { message: "Permission Denied" } } });
    await swept("tasks_dead_lettered_total", 1);
    expect(await alertsOf("task_dead_lettered", `phase_id="${phase_id}"`)).toEqual(["firing"]);
  });

  it("on a long queue, once it has lasted", async () => {
    await plane.operator.createAlertRule({
      body: { name: "any_queue", metric: "tasks_queued_total", condition: "value > 2", severity: "warning", for: "1h" },
    });
    const { ticket_id } = await plane.operator.createTicket({ body: { title: "Much to do" } });
    const tasks = Array.from({ length: 3 }, (_, n) => ({ title: `Task ${n}`, priority: "MEDIUM" as const }));
    await plane.operator.createTasks({ params: { ticket_id }, body: { tasks } });
    await swept("tasks_queued_total", 3, { phase_id, priority: "MEDIUM" });
    await until("the rule is pending", async () => {
      await sweep();
      return (await alertsOf("any_queue"))[0] === "pending";
    });
  });

  it("on a ticket that is blocked, until it is so no more, as one alert", async () => {
    const { ticket_id } = await plane.operator.createTicket({
      body: { title: "Stalls", start: true, priority: "CRITICAL" },
    });
    const states = async () => [
      ...(await alertsOf("ticket_blocked", `ticket_id="${ticket_id}"`)),
      ...(await alertsOf("ticket_blocked_critical", `ticket_id="${ticket_id}"`)),
    ];
    await until("both rules fire", async () => (await states()).join() === "firing,firing");
    await plane.operator.cancelTicket({ params: { ticket_id }, body: { reason: "not needed" } });
    await swept("notifications_total", 1, { receiver: "mail", outcome: "delivered" });
    await until("both are over", async () => {
      await sweep();
      return (await states()).join() === "resolved,resolved";
    });
  });
});
