import { afterAll, beforeAll, expect, it } from "vitest";
import { callApi } from "../harness/call-api.ts";
import { type HttpHarness, harness } from "../harness/http-harness.ts";

let plane: HttpHarness;
beforeAll(async () => {
  plane = await harness();
});
afterAll(() => plane.stop());

const test = (rule: Record<string, unknown>) =>
  callApi(plane.fetch, "POST", "/alert-rules/test", {
    key: plane.operator_key,
    body: {
      rule: { name: "queue", metric_name: "tasks_queued_total", condition: "value > 20", severity: "warning", ...rule },
      start: "2026-01-05T11:00:00+01:00",
      evaluation_interval: "1m",
      series: [
        {
          metric_name: "tasks_queued_total",
          labels: { phase_id: "PHASE_TESTING", priority: "HIGH" },
          values: [21, 25, 30, 20, null],
          interval: "1m",
        },
      ],
    },
  });

it("a rule is tried in virtual time", async () => {
  const { status, body } = await test({ for: "2m" });
  expect(status).toBe(200);
  const labels = { phase_id: "PHASE_TESTING", priority: "HIGH" };
  expect(body.timeline.map(({ state }: { state: string }) => state)).toEqual([
    "pending",
    "pending",
    "firing",
    "inactive",
    "inactive",
  ]);
  expect(body.timeline[0]).toEqual({ at: "2026-01-05T10:00:00.000Z", labels, state: "pending" });
  expect(body.fired).toEqual([
    {
      labels: { alertname: "queue", ...labels },
      fired_at: "2026-01-05T10:02:00.000Z",
      resolved_at: "2026-01-05T10:03:00.000Z",
    },
  ]);
});

it("a counter's rule judges what it rose by in five minutes, also once nothing more is sent", async () => {
  const metric_name = "handoffs_requested_total";
  const { status, body } = await callApi(plane.fetch, "POST", "/alert-rules/test", {
    key: plane.operator_key,
    body: {
      rule: { name: "handed_on", metric_name, condition: "value > 0", severity: "warning" },
      start: "2026-01-05T10:00:00Z",
      evaluation_interval: "1m",
      series: [{ metric_name, labels: {}, values: [5, 6, null, null, null, null, null, null], interval: "1m" }],
    },
  });
  expect(status).toBe(200);
  expect(body.fired).toEqual([
    {
      labels: { alertname: "handed_on" },
      fired_at: "2026-01-05T10:01:00.000Z",
      resolved_at: "2026-01-05T10:06:00.000Z",
    },
  ]);
});

it("a rule that is wrong is refused with the place in its condition", async () => {
  const { status, body } = await test({ condition: 'value > 20 and labels.phase == "PHASE_TESTING"' });
  expect(status).toBe(422);
  expect(body.errors).toEqual([
    {
      path: "/rule/condition",
      message: "column 16: unknown label `phase`: the metric has phase_id, priority. Did you mean `phase_id`?",
    },
  ]);
});

it("the metrics that rules may name are listed with their meaning", async () => {
  const { status, body } = await callApi(plane.fetch, "GET", "/monitor/catalogue", { key: plane.operator_key });
  expect(status).toBe(200);
  expect(body.next_cursor).toBeNull();
  expect(body.items).toContainEqual({
    name: "tasks_dead_lettered_total",
    type: "counter",
    labels: ["phase_id"],
    meaning: "Tasks that became dead letters",
  });
});
