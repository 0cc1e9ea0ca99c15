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
