import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callApi } from "../harness/call-api.ts";
import { type HttpHarness, harness } from "../harness/http-harness.ts";

let plane: HttpHarness;
beforeAll(async () => {
  plane = await harness();
});
afterAll(() => plane.stop());

const send = (samples: unknown[], key = plane.operator_key) =>
  callApi(plane.fetch, "POST", "/monitor/samples", { key, body: { samples } });
const read = (path: string) => callApi(plane.fetch, "GET", path, { key: plane.operator_key });

const START = Date.now() - 6 * 3_600_000;
const at = (minutes: number) => new Date(START + minutes * 60_000).toISOString();
/** A sample of the queue in minute n. */
const queued = (minute: number, value: number, labels: object) => ({
  metric_name: "tasks_queued_total",
  value,
  labels,
  timestamp: at(minute),
});

async function historyOf(query: string, limit = 100): Promise<{ pages: number; points: [string, number][] }> {
  const points: [string, number][] = [];
  let pages = 0;
  for (let cursor: string | null = ""; cursor !== null; pages++) {
    const from = `from=${at(-60)}&to=${at(400)}&limit=${limit}${cursor === "" ? "" : `&cursor=${cursor}`}`;
    const { status, body } = await read(`/monitor/metrics/tasks_queued_total/history?${query}&${from}`);
    expect(status).toBe(200);
    points.push(...body.items.map(({ timestamp, value }: { timestamp: string; value: number }) => [timestamp, value]));
    cursor = body.next_cursor;
  }
  return { pages, points };
}

describe("samples", () => {
  it("are taken, and each series shows its last one", async () => {
    const labels = { phase_id: "PHASE_TESTING", priority: "HIGH" };
    const { status, body } = await send([
      queued(0, 3, labels),
      queued(1, 5, labels),
      queued(0, 7, { priority: "LOW" }),
    ]);
    expect([status, body]).toEqual([202, { accepted: 3 }]);
    const listed = await read("/monitor/metrics?phase_id=PHASE_TESTING");
    expect(listed.body).toEqual({
      items: [
        {
          metric_name: "tasks_queued_total",
          labels,
          value: 5,
          timestamp: at(1),
          learning: true,
          p95: expect.any(Number),
        },
      ],
      next_cursor: null,
    });
    const all = await read("/monitor/metrics?metric_name=tasks_queued_total");
    expect(all.body.items).toHaveLength(2);
    expect((await read("/monitor/metrics?metric_name=tasks_queued")).body.items).toEqual([]);
  });

  it("are now unless they say when", async () => {
    const before = Date.now();
    await send([{ metric_name: "agents_active", value: 2 }]);
    const { body } = await read("/monitor/metrics?metric_name=agents_active");
    expect(body.items).toMatchObject([{ labels: {}, value: 2 }]);
    expect(Date.parse(body.items[0].timestamp)).toBeGreaterThanOrEqual(before);
  });

  it("that are late stand in the history and change no last value", async () => {
    const labels = { phase_id: "PHASE_LATE" };
    await send([queued(10, 1, labels)]);
    await send([queued(5, 9, labels), queued(10, 8, labels)]);
    const { body } = await read("/monitor/metrics?phase_id=PHASE_LATE");
    expect(body.items).toMatchObject([{ value: 1, timestamp: at(10) }]);
    expect((await historyOf("phase_id=PHASE_LATE")).points).toEqual([
      [at(5), 9],
      [at(10), 1],
    ]);
  });

  it("of hours come back in order and once each, in pages, however they were sent", async () => {
    const labels = { phase_id: "PHASE_LONG" };
    const minutes = Array.from({ length: 250 }, (_, minute) => minute);
    const late = (minute: number) => minute % 10 === 3;
    for (let from = 0; from < 250; from += 25)
      await send(minutes.slice(from, from + 25).flatMap((n) => (late(n) ? [] : [queued(n, n / 8, labels)])));
    const left = minutes.filter(late).map((n) => queued(n, n / 8, labels));
    await Promise.all([send(left), send(left)]);
    const { pages, points } = await historyOf("phase_id=PHASE_LONG", 40);
    expect(points).toEqual(minutes.map((n) => [at(n), n / 8]));
    expect(pages).toBe(7);
  });

  it("that come at once lose none of each other", async () => {
    const labels = { phase_id: "PHASE_BUSY" };
    const answers = await Promise.all(Array.from({ length: 6 }, (_, n) => send([queued(n, n, labels)])));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(202));
    expect((await historyOf("phase_id=PHASE_BUSY")).points).toEqual(Array.from({ length: 6 }, (_, n) => [at(n), n]));
    expect((await read("/monitor/metrics?phase_id=PHASE_BUSY")).body.items).toMatchObject([{ value: 5 }]);
  });

  it("keep their values to the last bit", async () => {
    const labels = { phase_id: "PHASE_ODD" };
    const values = [1e125, -1e-129, 2 ** 53 + 2, 0.1 + 0.2];
    expect(await send(values.map((value, n) => queued(n, value, labels)))).toMatchObject({ status: 202 });
    expect((await historyOf("phase_id=PHASE_ODD")).points.map(([, value]) => value)).toEqual(values);
  });

  it("are refused with the place of each fault, and none of the call is taken", async () => {
    const { status, body } = await send([
      queued(20, 1, { phase_id: "PHASE_REFUSED" }),
      queued(20, 1, { phase: "PHASE_REFUSED" }),
      { metric_name: "tasks_queue_total", value: 1 },
      { metric_name: "agents_active", value: 1, timestamp: new Date(Date.now() + 3_600_000).toISOString() },
      { metric_name: "agents_active", value: 1, timestamp: "2020-01-01T00:00:00Z" },
    ]);
    expect([status, body.code]).toEqual([422, "request.invalid"]);
    expect(body.errors).toEqual([
      { path: "/samples/1/labels/phase", message: expect.stringContaining("it has phase_id, priority") },
      { path: "/samples/2/metric_name", message: expect.stringContaining("Did you mean `tasks_queued_total`?") },
      { path: "/samples/3/timestamp", message: expect.stringContaining("future") },
      { path: "/samples/4/timestamp", message: expect.stringContaining("14 days") },
    ]);
    expect((await read("/monitor/metrics?phase_id=PHASE_REFUSED")).body.items).toEqual([]);
  });

  it("of an agent are of itself", async () => {
    const { agent_id, token } = await plane.make.agent();
    const age = { metric_name: "agent.progress_age_seconds", value: 12 };
    expect((await send([age], token)).status).toBe(202);
    const { body } = await read(`/monitor/metrics?agent_id=${agent_id}`);
    expect(body.items).toMatchObject([{ labels: { agent_id }, value: 12 }]);
    const refused = [
      await send([{ ...age, labels: { agent_id: plane.bystander.agent_id } }], token),
      await send([{ metric_name: "tasks_queued_total", value: 1 }], token),
    ];
    for (const { status, body } of refused) expect([status, body.code]).toEqual([403, "auth.forbidden"]);
  });
});

describe("the history", () => {
  it("knows metrics and their labels", async () => {
    expect(await read("/monitor/metrics/nothing/history")).toMatchObject({
      status: 404,
      body: { code: "metric.not_found" },
    });
    expect(await read("/monitor/metrics/tasks_queued_total/history?agent_id=a")).toMatchObject({
      status: 422,
      body: { errors: [{ path: "agent_id" }] },
    });
  });

  it("is of the last hour unless it is asked for more", async () => {
    const labels = { phase_id: "PHASE_HOUR" };
    const now = Date.now();
    const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
    const metric_name = "tasks_queued_total";
    await send([90, 30].map((minutes) => ({ metric_name, value: minutes, labels, timestamp: ago(minutes) })));
    const { body } = await read("/monitor/metrics/tasks_queued_total/history?phase_id=PHASE_HOUR");
    expect(body).toEqual({ items: [{ timestamp: ago(30), value: 30 }], next_cursor: null, learning: true, p95: 60 });
  });
});
