import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handler as sweep } from "../../functions/schedules/sweep.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";
import { until, untilHolds } from "../harness/until.ts";
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
    await plane.agent({ agent_type: "monitor", phase_ids: [] });
    await swept("agents_active", 1, { agent_type: "monitor" });
    const { items } = await plane.operator.listSeries({
      query: { metric_name: "agents_active", agent_type: "monitor" } as object,
    });
    expect(items.map(({ labels }) => labels)).toEqual([{ agent_type: "monitor" }]);
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
    // How many alerts one mail tells of is a matter of how fast the machine is.
    await until("a mail was delivered", async () => {
      await sweep();
      return ((await lastOf("notifications_total", { receiver: "mail", outcome: "delivered" })) ?? 0) > 0;
    });
    await until("both are over", async () => {
      await sweep();
      return (await states()).join() === "resolved,resolved";
    });
  });
});

describe("what is shown is what happened", () => {
  // The dashboard reads sums that follow the table's stream, and series have what the last sweep saw of them.
  it("at a glance", () =>
    untilHolds(async () => {
      await sweep();
      const shown = await plane.operator.getMonitorDashboard();
      const queued = (await plane.operator.listSeries({ query: { metric_name: "tasks_queued_total" } })).items;
      expect(shown.totals.queued).toBe(queued.reduce((sum, { value }) => sum + value, 0));
      expect(shown.totals).toMatchObject({ completed: 1, failed: 1, dead_lettered: 1, tickets_blocked: 0 });
      expect(shown.locks.active).toBe(shown.totals.running);
      expect(shown.agents.active + shown.agents.stale).toBeGreaterThanOrEqual(4);
      expect(shown.service_levels.task_success_ratio.day).toEqual({ ratio: 0.5, target: 0.95, met: false });
      expect(shown.service_levels.agent_availability_ratio.hour).toMatchObject({
        ratio: expect.any(Number),
        target: 0.99,
      });
      expect(shown.alerts.active).toMatchObject({ error: 1, critical: 0 });
    }));

  it("to Prometheus", async () => {
    const text = await plane.operator.readOpenMetrics();
    const lines = text.trimEnd().split("\n");
    expect(lines.at(-1)).toBe("# EOF");
    const line = /^(# (TYPE|UNIT|HELP) [a-z_]+ .+|# EOF|[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [0-9.e+-]+)$/;
    expect(lines.filter((each) => !line.test(each))).toEqual([]);
    expect(lines).toContain("# TYPE tasks_completed counter");
    const completed = lines.filter((each) => each.startsWith("tasks_completed_total{"));
    expect(completed).toEqual([`tasks_completed_total{phase_id="${phase_id}"} 1`]);
    const response = await fetch(`${plane.url}/api/v1/monitor/prometheus`, {
      headers: { authorization: `Bearer ${plane.operator_key}` },
    });
    expect(response.headers.get("content-type")).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
  });

  it("with the worst first", async () => {
    const { items } = await plane.operator.listWorst({ query: { by: "tasks_queued_total", limit: 2 } });
    expect(items[0]).toMatchObject({ value: 3, labels: { phase_id, priority: "MEDIUM" } });
    expect(items).toHaveLength(2);
  });

  it("on the command line", async () => {
    const at = { url: plane.url, api_key: plane.operator_key };
    const { out } = await runOmoi(["monitor", "dashboard"], at);
    expect(out).toMatch(/^tasks +\d+ queued, .* 1 completed, 1 failed, 1 dead letters$/m);
    expect(out).toMatch(/tasks successful +50.0% below +50.0% below +95%/);
    const top = await runOmoi(["monitor", "top", "tasks_queued_total", "--json"], at);
    expect(JSON.parse(top.out).items[0]).toMatchObject({ value: 3 });
    const metrics = (await runOmoi(["monitor", "metrics", "--metric", "tasks_queued_total"], at)).out;
    // A sweep may have seen one or two of the three, and then their p95 is no whole number.
    expect(metrics).toMatch(/priority=MEDIUM +3 +[\d.]+ +learning /);
    const history = ["monitor", "history", "tasks_queued_total", "--label", `phase_id=${phase_id}`];
    const whole = await runOmoi([...history, "--label", "priority=MEDIUM", "--since", "2h"], at);
    expect(whole.out).toMatch(/^AT +VALUE\n(.*\n)*.* 3\n$/);
    const part = await runOmoi(history, at);
    expect([part.exit, part.err]).toEqual([2, expect.stringMatching(/priority.*HIGH, LOW, MEDIUM/)]);
    expect((await runOmoi([...history, "--label", "priority"], at)).exit).toBe(2);
    expect((await runOmoi(["monitor", "anomalies"], at)).out).toContain("no anomaly");
  });
});
