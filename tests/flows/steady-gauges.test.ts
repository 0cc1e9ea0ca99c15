import { afterAll, beforeAll, expect, it } from "vitest";
import { handler as sweep } from "../../functions/schedules/sweep.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";
import { makeWork } from "../harness/work.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({}, { sweepless: true });
});
afterAll(() => plane.stop());

const metric = "tasks_queued_total";
const labels = { phase_id: "PHASE_BACKLOG", priority: "HIGH" };
const queueOf = async () => {
  await sweep();
  const { items } = await plane.operator.listSeries({ query: { metric_name: metric, ...labels } as object });
  return items[0]?.value;
};
const states = async (name: string) => {
  const query = { state: "pending,firing,acknowledged,resolved", matcher: `alertname="${name}"` };
  return (await plane.operator.listAlerts({ query })).items.map(({ state }) => state);
};
const points = async () =>
  (await plane.operator.getMetricHistory({ params: { name: metric }, query: labels as object })).items.length;

it("rules that ask for each minute see a value that stands still, and it is no sample for that", async () => {
  await plane.operator.createAlertRule({
    body: {
      name: "deep",
      metric,
      condition: 'value > 1 and labels.priority == "HIGH"',
      severity: "warning",
      datapoints: { breaching: 3, of: 5 },
    },
  });
  await plane.operator.createAlertRule({
    body: { name: "silent", metric, condition: "value > 100", severity: "warning", no_data: "alert" },
  });
  await makeWork(plane, [{ priority: "HIGH" }, { priority: "HIGH" }]);
  await until("the queue is measured", async () => (await queueOf()) === 2);
  const before = await points();
  await until("three minutes of five breach", async () => {
    await sweep();
    return (await states("deep"))[0] === "firing";
  });
  // While the alert is open the value is a sample in each minute, so that it can be seen; before that it was none.
  expect(await points()).toBeLessThanOrEqual(before + 1);
  await sweep();
  await sweep();
  expect(await states("silent")).toEqual([]);
});

const MINUTE_MS = 60_000;
/** Values that vary, a minute apart, up to two minutes ago, and a strange one after them. */
async function sendStrange(metric_name: string, of: Record<string, string>): Promise<void> {
  const begin = Date.now() - 252 * MINUTE_MS;
  const samples = Array.from({ length: 250 }, (_, n) => ({
    metric_name,
    labels: of,
    value: (n * 7919) % 5,
    timestamp: new Date(begin + n * MINUTE_MS).toISOString(),
  }));
  await plane.operator.sendSamples({ body: { samples } });
  await plane.operator.sendSamples({ body: { samples: [{ metric_name, labels: of, value: 5_000 }] } });
}

it.each([
  ["a gauge that the plane takes whole", "agents_active", { agent_type: "worker", phase_id: "PHASE_DEPLOYMENT" }],
  ["a figure of an agent that has ended", "agent.repeated_events", undefined],
])("what was strange about %s is over once it stands still at what is usual", async (_, metric_name, labels) => {
  const of: Record<string, string> = labels ?? { agent_id: await endedAgent() };
  await sendStrange(metric_name, of);
  await sweep();
  const anomalies = async () => (await plane.operator.listAnomalies({ query: { metric_name, ...of } as object })).items;
  const history = { params: { name: metric_name }, query: { limit: 1_000, ...of } as object };
  const points = async () => (await plane.operator.getMetricHistory(history)).items.length;
  expect(await anomalies()).toMatchObject([{ observed: 5_000, cleared_at: null }]);
  for (let minute = 0; minute < 6; minute++) await sweep();
  expect(await anomalies()).toMatchObject([{ observed: 5_000, cleared_at: expect.any(String) }]);
  // And it is sampled no longer than that.
  const before = await points();
  await sweep();
  await sweep();
  expect(await points()).toBe(before);
});

async function endedAgent(): Promise<string> {
  const { agent_id } = await plane.agent();
  await plane.operator.deleteAgent({ params: { agent_id } });
  return agent_id;
}
