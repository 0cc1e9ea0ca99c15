import { afterAll, beforeAll, expect, it } from "vitest";
import { callApi } from "../harness/call-api.ts";
import { type HttpHarness, harness } from "../harness/http-harness.ts";

let plane: HttpHarness;
beforeAll(async () => {
  plane = await harness();
});
afterAll(() => plane.stop());

const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  callApi(plane.fetch, method, `/alert-rules${path}`, { key: plane.operator_key, body, headers });
const rule = (name: string, more: object = {}) => ({
  name,
  metric: "tasks_queued_total",
  condition: "value > 20",
  severity: "warning",
  ...more,
});
const namesNow = async () => (await call("GET", "")).body.items.map(({ name }: { name: string }) => name);

it("rules of the files are in force and are changed there alone", async () => {
  const { status, body } = await call("GET", "/agent_heartbeat_missed");
  expect(status).toBe(200);
  expect(body).toMatchObject({ source: "file", version: null, condition: "value > 2", deduplication_window: "300s" });
  const written = rule("agent_heartbeat_missed");
  expect((await call("POST", "", written)).body.code).toBe("alert_rule.exists");
  expect((await call("PUT", "/agent_heartbeat_missed", written)).body.code).toBe("alert_rule.from_file");
  expect((await call("DELETE", "/agent_heartbeat_missed")).body.code).toBe("alert_rule.from_file");
});

it("a rule is tried on the stored history, with the receivers that there are", async () => {
  const metric_name = "resource_locks_active";
  const end = Date.now();
  const at = (minutes: number) => new Date(end - minutes * 60_000).toISOString();
  const samples = [5, 30, 30, 30, 30, 4].map((value, n) => ({
    metric_name,
    value,
    labels: { resource_type: "file" },
    timestamp: at(30 - n),
  }));
  await callApi(plane.fetch, "POST", "/monitor/samples", { key: plane.operator_key, body: { samples } });
  const locks = { ...rule("locks", { for: "2m" }), metric: metric_name };
  const { status, body } = await call("POST", "/backtest", { rule: locks, from: at(40), to: at(0) });
  expect(status).toBe(200);
  expect(body.fired).toEqual([
    {
      labels: { alertname: "locks", resource_type: "file" },
      fired_at: at(27),
      resolved_at: at(25),
    },
  ]);
  expect(body.timeline.map(({ state }: { state: string }) => state)).toEqual(["pending", "firing", "inactive"]);
  const others = { rule: locks, labels: { resource_type: "port" }, from: at(40) };
  expect((await call("POST", "/backtest", others)).body.fired).toEqual([]);

  const nobody = { ...locks, routing: ["nobody"] };
  const series = [{ metric_name, values: [1] }];
  for (const [path, sent] of [
    ["/backtest", { rule: nobody }],
    ["/test", { rule: nobody, start: at(1), series }],
  ] as const) {
    const refused = await call("POST", path, sent);
    expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([422, "/rule/routing/0"]);
  }
});

it("a gauge that is sampled where it changes stands between two samples when a rule is tried on its history", async () => {
  const end = Date.now();
  const at = (minutes: number) => new Date(end - minutes * 60_000).toISOString();
  const labels = { phase_id: "PHASE_STEADY", priority: "HIGH" };
  const sample = (minutes: number, value: number) => ({
    metric_name: "tasks_queued_total",
    labels,
    value,
    timestamp: at(minutes),
  });
  const samples = [sample(50, 10), sample(30, 150), sample(10, 3)];
  await callApi(plane.fetch, "POST", "/monitor/samples", { key: plane.operator_key, body: { samples } });
  const tried = async (more: object, from: number) => {
    const written = { ...rule("deep", more), metric: "tasks_queued_total", condition: "value > 100" };
    const { body } = await call("POST", "/backtest", { rule: written, labels, from: at(from), to: at(0) });
    return body.fired.map(({ fired_at, resolved_at }: Record<string, string>) => [fired_at, resolved_at]);
  };
  expect(await tried({ for: "5m" }, 60)).toEqual([[at(25), at(10)]]);
  expect(await tried({ datapoints: { breaching: 3, of: 5 } }, 60)).toEqual([[at(28), at(8)]]);
  expect(await tried({ no_data: "alert" }, 40)).toEqual([[at(30), at(10)]]);
});

it("a rule is made, replaced under its version, deleted, and made again", async () => {
  const made = await call("POST", "", rule("long_queue", { for: "2m" }));
  expect([made.status, made.body.source, made.body.version]).toEqual([201, "api", 1]);
  expect(made.body.updated_by).toEqual(expect.any(String));
  expect(await namesNow()).toContain("long_queue");
  expect((await call("POST", "", rule("long_queue"))).body.code).toBe("alert_rule.exists");

  const read = await call("GET", "/long_queue");
  const etag = read.headers.get("etag") ?? "";
  const replaced = await call("PUT", "/long_queue", rule("long_queue", { severity: "critical" }), { "if-match": etag });
  expect(replaced.body).toMatchObject({ severity: "critical", for: "0s", version: 2 });
  const late = await call("PUT", "/long_queue", rule("long_queue"), { "if-match": etag });
  expect([late.status, late.body.current_version]).toEqual([412, 2]);

  expect((await call("DELETE", "/long_queue", undefined, { "if-match": etag })).status).toBe(412);
  expect((await call("DELETE", "/long_queue")).status).toBe(200);
  expect((await call("GET", "/long_queue")).body.code).toBe("alert_rule.not_found");
  expect((await call("DELETE", "/long_queue")).status).toBe(404);
  expect(await namesNow()).not.toContain("long_queue");
  expect((await call("POST", "", rule("long_queue"))).status).toBe(201);
});

it("a rule is refused with the place of each fault", async () => {
  const { status, body } = await call(
    "POST",
    "",
    rule("bad", { metric: "tasks_queue_total", condition: "value >", routing: ["nowhere"] }),
  );
  expect([status, body.code]).toEqual([422, "request.invalid"]);
  const paths = body.errors.map(({ path }: { path: string }) => path);
  expect(paths).toEqual(["/metric", "/condition", "/routing/0"]);
  const renamed = await call("PUT", "/long_queue", rule("other"));
  expect([renamed.status, renamed.body.errors[0].path]).toEqual([422, "/name"]);
});

it("a change is an event of its own", async () => {
  await call("POST", "", rule("told_rule"));
  await call("DELETE", "/told_rule");
  await plane.settled();
  const { body } = await callApi(plane.fetch, "GET", "/events?type=monitor.rule_changed&limit=100", {
    key: plane.operator_key,
  });
  const told = body.items.filter(({ data }: { data: { name: string } }) => data.name === "told_rule");
  expect(told).toHaveLength(2);
});
