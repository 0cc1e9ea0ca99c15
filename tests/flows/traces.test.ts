import { randomBytes } from "node:crypto";
import { createClient } from "@omoios/sdk/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runOmoi } from "../harness/run-omoi.ts";
import { type RunningPlane, startRunningPlane } from "../harness/running-plane.ts";
import { type CollectedSpan, startTraceCollector, type TraceCollector } from "../harness/trace-collector.ts";
import { until } from "../harness/until.ts";

const KIND = { internal: 1, server: 2, producer: 4, consumer: 5 };

let collector: TraceCollector;
let plane: RunningPlane;
beforeAll(async () => {
  collector = await startTraceCollector();
  // Of what begins here nothing is sampled, so that what is collected was asked for by its caller.
  plane = await startRunningPlane(
    {},
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: "100",
      OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
      OTEL_TRACES_SAMPLER_ARG: "0",
    },
  );
});
afterAll(async () => {
  await plane.stop();
  await collector.close();
});

/** A caller's span, and the operator's client within it. */
function caller(sampled = true) {
  const [trace_id, span_id] = [randomBytes(16).toString("hex"), randomBytes(8).toString("hex")];
  const operator = createClient({
    url: plane.url,
    api_key: plane.api_key,
    fetch: (url, init) => {
      const headers = new Headers(init?.headers);
      headers.set("traceparent", `00-${trace_id}-${span_id}-${sampled ? "01" : "00"}`);
      return fetch(url, { ...init, headers });
    },
  });
  return { trace_id, span_id, operator };
}

const spansOf = (trace_id: string) => collector.spans.filter((span) => span.traceId === trace_id);

const spansWith = (trace_id: string, names: readonly string[]) =>
  until(`the collector has ${names}`, async () => {
    const spans = spansOf(trace_id);
    return names.every((name) => spans.some((span) => span.name === name)) && spans;
  });

/** The spans over a span, the nearest first, up to the caller's. */
function wayTo(span: CollectedSpan, spans: readonly CollectedSpan[]): string[] {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return parent === undefined ? [span.name] : [span.name, ...wayTo(parent, spans)];
}

test("a ticket's flow is one trace: request, write, relay, consumer, and what follows from that", async () => {
  const { trace_id, span_id, operator } = caller();
  const { ticket_id } = await operator.createTicket({ body: { title: "Traced", start: true } });
  const spans = await spansWith(trace_id, ["createTicket", "ticket.phase_changed", "relay task.ready"]);
  const [request] = spans.filter(({ name }) => name === "createTicket");
  expect(request).toMatchObject({
    parentSpanId: span_id,
    kind: KIND.server,
    service: "omoios",
    attributes: { "faas.name": "api-control", "http.response.status_code": 201, "omoi.ticket_id": ticket_id },
  });
  const ready = spans.find(({ name }) => name === "relay task.ready");
  expect(ready?.kind).toBe(KIND.producer);
  expect(wayTo(ready as CollectedSpan, spans)).toEqual([
    "relay task.ready",
    "commit",
    "ticket.phase_changed",
    "relay ticket.phase_changed",
    "commit",
    "createTicket",
  ]);
  const consumed = spans.find(({ name }) => name === "ticket.phase_changed");
  expect(consumed).toMatchObject({ kind: KIND.consumer, attributes: { "faas.name": "enter-phase" } });
  const known = new Set([span_id, ...spans.map(({ spanId }) => spanId)]);
  expect(spans.filter(({ parentSpanId }) => !known.has(parentSpanId)).map(({ name }) => name)).toEqual([]);
});

test("what waits for its moment stays in its trace, and the log names the spans", async () => {
  const { trace_id, operator } = caller();
  const sample = { metric_name: "agent.anomaly_score", value: 0.9, labels: { agent_id: "agent_of_the_trace" } };
  await operator.sendSamples({ body: { samples: [sample] } });
  const spans = await spansWith(trace_id, ["sendSamples", "alert_group is due", "alert_delivery is due"]);
  const delivered = spans.find(({ name }) => name === "alert_delivery is due") as CollectedSpan;
  expect(wayTo(delivered, spans)).toEqual(["alert_delivery is due", "alert_group is due", "sendSamples"]);
  const { out } = await runOmoi(["logs", "--json", "--trace", trace_id], plane);
  const lines = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map(({ span_id }) => span_id)).toContain(delivered.spanId);
});

test("a failed call is an error of its span", async () => {
  const { trace_id, operator } = caller();
  await expect(operator.getTicket({ params: { ticket_id: "ticket_none" } })).rejects.toThrow();
  const [span] = await spansWith(trace_id, ["getTicket"]);
  // The plane did what it should: what is not there is the caller's fault.
  expect(span).toMatchObject({ status: { code: 0 }, attributes: { "http.response.status_code": 404 } });
});

test("what its caller does not sample, and at a ratio of 0 what has no caller, is not collected", async () => {
  const unsampled = caller(false);
  await unsampled.operator.createTicket({ body: { title: "Unsampled", start: true } });
  await createClient({ url: plane.url, api_key: plane.api_key }).whoami({});
  const last = caller();
  await last.operator.whoami({});
  await spansWith(last.trace_id, ["whoami"]);
  expect(spansOf(unsampled.trace_id)).toEqual([]);
  expect(collector.spans.filter(({ name, traceId }) => name === "whoami" && traceId !== last.trace_id)).toEqual([]);
});

test("a collector that refuses takes nothing from the work, and is told of in the log", async () => {
  collector.status = 400;
  const asked = collector.asked;
  await caller().operator.createTicket({ body: { title: "Not collected" } });
  await until("the collector refused", async () => collector.asked > asked);
  await until("the log tells of it", async () => (await runOmoi(["logs"], plane)).out.includes("Spans were not sent"));
  collector.status = 200;
  const { trace_id, operator } = caller();
  await operator.whoami({});
  await spansWith(trace_id, ["whoami"]);
});
