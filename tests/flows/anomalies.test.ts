import { afterAll, beforeAll, expect, it } from "vitest";
import { handler as sweep } from "../../functions/schedules/sweep.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";
import { until } from "../harness/until.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({}, { sweepless: true });
});
afterAll(() => plane.stop());

const MINUTE_MS = 60_000;
const PER_SWEEP = 16;
const labels = { agent_id: "agent_of_the_series" };
const metric_name = "agent.progress_age_seconds";

/** Sends a point a minute, or as often as that, up to a moment, and sweeps after so many. */
async function send(
  values: readonly number[],
  end: number,
  of = { metric_name, labels },
  per_sweep = PER_SWEEP,
  every_ms = MINUTE_MS,
): Promise<void> {
  const samples = values.map((value, n) => ({
    ...of,
    value,
    timestamp: new Date(end - (values.length - 1 - n) * every_ms).toISOString(),
  }));
  for (let from = 0; from < samples.length; from += per_sweep) {
    await plane.operator.sendSamples({ body: { samples: samples.slice(from, from + per_sweep) } });
    await sweep();
  }
}
const usual = (count: number) => Array.from({ length: count }, (_, n) => 100 + ((n * 7919) % 13));

it("what is strange about a series is told once, with an alert, and once more when it is over", async () => {
  const end = Date.now();
  const known = async () => {
    const [series] = (await plane.operator.listSeries({ query: { metric_name, ...labels } as object })).items;
    const query = { ...labels } as object;
    const { learning, p95 } = await plane.operator.getMetricHistory({ params: { name: metric_name }, query });
    expect(series).toMatchObject({ learning, p95 });
    return [learning, p95];
  };
  await send(usual(100), end - 150 * MINUTE_MS);
  expect(await known()).toEqual([true, expect.closeTo(111, -1)]);
  await send(usual(140), end - 10 * MINUTE_MS);
  expect(await known()).toEqual([false, expect.closeTo(111, -1)]);
  expect((await plane.operator.listAnomalies()).items).toEqual([]);
  await send([90_000], end - 9 * MINUTE_MS);
  // Another sweep finds it again in what was not written yet, and says nothing new.
  await Promise.all([sweep(), sweep(), sweep()]);
  const { items } = await plane.operator.listAnomalies({ query: { open: "true" } });
  expect(items).toMatchObject([
    {
      metric_name,
      labels,
      kind: "spike",
      observed: 90_000,
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      cleared_at: null,
    },
  ]);
  expect(items[0]?.baseline).toBeCloseTo(106, 0);
  const alertsOf = async () => {
    const query = { state: "firing,resolved", matcher: `agent_id="${labels.agent_id}"` };
    const { items } = await plane.operator.listAlerts({ query });
    return items.filter(({ labels }) => labels.alertname === "monitor_anomaly_detected").map(({ state }) => state);
  };
  await until("its alert fires", async () => (await alertsOf()).join() === "firing");
  await send(usual(8), end);
  await until("its alert is over", async () => (await alertsOf()).join() === "resolved");
  expect((await plane.operator.listAnomalies({ query: { open: "true" } })).items).toEqual([]);
  const at = { url: plane.url, api_key: plane.operator_key };
  expect((await runOmoi(["monitor", "dashboard"], at)).out).toMatch(
    new RegExp(`^${metric_name} +agent_id=${labels.agent_id} +spike `, "m"),
  );
  const query = { metric_name, kind: "spike" as const, ...labels };
  const past = await plane.operator.listAnomalies({ query });
  expect(past.items).toHaveLength(1);
  const events = (await plane.operator.listEvents({ query: { subject: "monitor", limit: 100 } })).items;
  const told = events.filter(({ type }) => type.startsWith("monitor.anomaly"));
  expect(told.map(({ type }) => type)).toEqual(["monitor.anomaly.detected", "monitor.anomaly.cleared"]);
  expect(told[0]?.traceparent).toContain(past.items[0]?.trace_id);
});

it("the alert of a series goes on while a sweep sees one anomaly end and another begin", async () => {
  const of = { metric_name, labels: { agent_id: "agent_strange_twice" } };
  const SECOND_MS = 1_000;
  const end = Date.now();
  const steps = [[...usual(240), 300], [...usual(110), 90_000], usual(8)];
  const ofSeries = async (open: "true" | "false") =>
    (await plane.operator.listAnomalies({ query: { metric_name, ...of.labels, open } })).items;
  for (const [n, values] of steps.entries()) {
    const left = steps.slice(n + 1).flat().length;
    await send(values, end - left * SECOND_MS, of, values.length, SECOND_MS);
    expect([(await ofSeries("true")).length, (await ofSeries("false")).length]).toEqual(
      [
        [1, 0],
        [1, 1],
        [0, 2],
      ][n],
    );
  }
  const [newest, older] = await ofSeries("false");
  expect([older?.observed, newest?.observed]).toEqual([300, 90_000]);
  const query = { state: "firing,resolved", matcher: `agent_id="${of.labels.agent_id}"` };
  const over = await until("its alert is over", async () => {
    const { items } = await plane.operator.listAlerts({ query });
    return items.find(({ labels, state }) => labels.alertname === "monitor_anomaly_detected" && state === "resolved");
  });
  expect(over.resolved_at).toBe(newest?.cleared_at);
});

it("a value that also passes a rule's bound is a breach of it, and is found after a pause of the sweep", async () => {
  const metric = "agent_heartbeat_age_seconds";
  await plane.operator.createAlertRule({
    body: { name: "silent", metric, condition: "value > 500", severity: "warning", for: "1h" },
  });
  const of = { metric_name: metric, labels: { agent_id: "agent_of_a_rule" } };
  const end = Date.now();
  await send(usual(240), end - 60 * MINUTE_MS, of);
  const missed = [...usual(60)];
  missed[10] = 90_000;
  await send(missed, end, of, missed.length);
  const { items } = await plane.operator.listAnomalies({ query: { metric_name: metric, kind: "threshold_breach" } });
  expect(items).toMatchObject([
    { ...of, kind: "threshold_breach", baseline: 500, observed: 90_000, deviation_percent: 17_900 },
  ]);
  expect(items[0]?.detected_at).toBe(new Date(end - 49 * MINUTE_MS).toISOString());
});

it("an anomaly has the trace of its sample, though harmless ones came after it with traces of their own", async () => {
  const of = { metric_name, labels: { agent_id: "agent_of_the_trace" } };
  const end = Date.now();
  await send(usual(240), end - 10 * MINUTE_MS, of);
  const trace = (digit: string) => digit.repeat(32);
  for (const [digit, value] of [
    ["a", 105],
    ["b", 90_000],
    ["c", 101],
  ] as const) {
    const answer = await fetch(`${plane.url}/api/v1/monitor/samples`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${plane.operator_key}`,
        "content-type": "application/json",
        traceparent: `00-${trace(digit)}-${digit.repeat(16)}-01`,
      },
      body: JSON.stringify({ samples: [{ ...of, value }] }),
    });
    expect(answer.status).toBe(202);
  }
  await sweep();
  const found = async () => (await plane.operator.listAnomalies({ query: { metric_name, ...of.labels } })).items;
  expect(await found()).toMatchObject([{ observed: 90_000, trace_id: trace("b") }]);
  await send(usual(8), Date.now(), of, 8, 1);
  const told = await until("its begin and its end are told", async () => {
    const { items } = await plane.operator.listEvents({ query: { subject: "monitor", limit: 100 } });
    const own = items.filter(({ data }) => data.agent_id === of.labels.agent_id);
    return own.length === 2 && own;
  });
  for (const { traceparent } of told) expect(traceparent).toContain(trace("b"));
});
