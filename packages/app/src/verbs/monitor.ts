import { type MetricRow, metrics } from "@omoios/contracts/metrics";
import type { RouteReply } from "@omoios/contracts/routes";
import type { Labels } from "@omoios/contracts/shapes/alert";
import type { AnomalyRow } from "@omoios/domain/monitor/anomalies/anomaly-row";
import type { Series } from "@omoios/domain/monitor/series/model";
import type { SeriesService } from "@omoios/domain/monitor/series/service";
import type { MonitorService } from "@omoios/domain/monitor/service";
import { fromRfc3339, toRfc3339 } from "@omoios/kernel/clock";
import type { Verbs } from "../verbs.ts";

const HOUR_MS = 3_600_000;

/** What answers the routes of the monitor. */
export function monitorVerbs(
  series: SeriesService,
  monitor: MonitorService,
): Pick<Verbs, "listMetrics" | "sendSamples" | "listSeries" | "getMetricHistory" | "listAnomalies"> {
  return {
    listAnomalies: async (_ctx, { query: { metric_name, kind, severity, open, limit, cursor, ...labels } }) => {
      const wanted = { metric_name, kind, severity, open, labels: given(labels) };
      const { rows, cursor: next } = await monitor.anomalies({ ...wanted, limit, cursor });
      return { items: rows.map(anomalyShown), next_cursor: next ?? null };
    },

    async listMetrics() {
      const rows: [string, MetricRow][] = Object.entries(metrics);
      const items = rows.map(([name, { kind, labels, meaning }]) => ({
        name,
        type: kind,
        labels: [...labels],
        meaning,
      }));
      return { items, next_cursor: null };
    },

    async sendSamples(ctx, { body }) {
      const agent_id = ctx.principal?.kind === "agent" ? ctx.principal.agent_id : undefined;
      await series.takeSamples(ctx, body.samples, agent_id);
      return { accepted: body.samples.length };
    },

    async listSeries(_ctx, { query: { metric_name, limit, cursor, ...labels } }) {
      const { rows, cursor: next } = await series.list(metric_name, given(labels), { limit, cursor });
      return { items: rows.flatMap(seriesView), next_cursor: next ?? null };
    },

    async getMetricHistory(ctx, { params, query: { from, to, limit, cursor, ...labels } }) {
      const until = (to === undefined ? undefined : fromRfc3339(to)) ?? ctx.now;
      const span = { from: (from === undefined ? undefined : fromRfc3339(from)) ?? until - HOUR_MS, until };
      const { rows, cursor: next } = await series.history(params.name, given(labels), span, { limit, cursor });
      return {
        items: rows.map(([at, value]) => ({ timestamp: toRfc3339(at), value })),
        next_cursor: next ?? null,
      };
    },
  };
}

/** The labels that a query names. */
function given(labels: Readonly<Record<string, string | undefined>>): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""),
  );
}

function seriesView({ metric, labels, recent }: Series) {
  return recent.slice(-1).map(([at, value]) => ({ metric_name: metric, labels, value, timestamp: toRfc3339(at) }));
}

function anomalyShown(row: AnomalyRow): RouteReply<"listAnomalies">["items"][number] {
  const { anomaly_id, metric_name, labels, kind, baseline, observed, p95, severity } = row;
  return {
    anomaly_id,
    metric_name,
    labels,
    kind,
    baseline,
    observed,
    deviation_percent: row.deviation_percent ?? null,
    p95,
    p95_deviation_percent: row.p95_deviation_percent ?? null,
    severity,
    trace_id: row.trace_id ?? null,
    detected_at: toRfc3339(row.at),
    cleared_at: row.cleared_at === undefined ? null : toRfc3339(row.cleared_at),
  };
}
