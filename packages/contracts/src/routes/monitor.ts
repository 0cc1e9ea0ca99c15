import * as z from "zod";
import { METRIC_NAMES } from "../metrics.ts";
import { paging, time } from "../shapes/common.ts";
import { labelQuery, listAnomalies, sendSamples } from "../shapes/sample.ts";
import { table } from "./route.ts";

const READ = { method: "GET", tag: "monitor", who: ["operator"], scope: "alerts:read", status: 200 } as const;

export const monitorRoutes = table({
  listMetrics: {
    ...READ,
    path: "/monitor/catalogue",
    summary: "The metrics that rules may name, with their labels and what they mean",
    params: {},
    problems: [],
  },
  sendSamples: {
    method: "POST",
    path: "/monitor/samples",
    summary:
      "Takes samples of metrics. One that is older than its series' last goes into the history only. Of what the plane measures itself they take the authority GUARDIAN",
    tag: "monitor",
    who: ["operator", "agent"],
    scope: "alerts:write",
    params: {},
    body: sendSamples,
    status: 202,
    problems: ["auth.authority_too_low"],
    idempotent: "answer",
  },
  listSeries: {
    ...READ,
    path: "/monitor/metrics",
    summary:
      "The last sample of each series, of those with the labels given. A page may hold fewer than `limit` while a cursor follows",
    params: {},
    query: () => z.strictObject({ metric_name: z.string().min(1).max(100).optional(), ...labelQuery(), ...paging }),
    problems: ["request.cursor_invalid"],
  },
  listAnomalies: {
    ...READ,
    path: "/monitor/anomalies",
    summary: "What was strange about series, newest first. A page may hold fewer than `limit` while a cursor follows",
    params: {},
    query: listAnomalies,
    problems: ["request.cursor_invalid"],
  },
  getMonitorDashboard: {
    ...READ,
    path: "/monitor/dashboard",
    summary: "The plane at a glance: tasks, agents, leases, service levels, recent anomalies, critical alerts",
    params: {},
    problems: [],
  },
  listWorst: {
    ...READ,
    path: "/monitor/top",
    summary: "The series of a metric with the highest last values, the highest first",
    params: {},
    query: () =>
      z.strictObject({ by: z.enum(METRIC_NAMES), limit: z.coerce.number().int().min(1).max(100).default(10) }),
    problems: [],
  },
  readOpenMetrics: {
    ...READ,
    path: "/monitor/prometheus",
    summary: "The last sample of every series, as OpenMetrics",
    params: {},
    media_type: "application/openmetrics-text; version=1.0.0; charset=utf-8",
    problems: [],
  },
  getMetricHistory: {
    ...READ,
    path: "/monitor/metrics/{name}/history",
    summary:
      "The samples of the series with exactly these labels, oldest first; of the last hour unless `from` is given",
    params: { name: { kind: "metric", missing: "metric.not_found" } },
    query: () => z.strictObject({ from: time.optional(), to: time.optional(), ...labelQuery(), ...paging }),
    problems: ["request.cursor_invalid"],
  },
});
