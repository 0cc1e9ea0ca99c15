import type { RouteReply } from "@omoios/contracts/routes";
import type { Alerting } from "@omoios/domain/alerting/service";
import type { AnomalyRow } from "@omoios/domain/monitor/anomalies/anomaly-row";
import type { Learned } from "@omoios/domain/monitor/anomalies/learned";
import type { Series } from "@omoios/domain/monitor/series/model";
import type { MonitorService } from "@omoios/domain/monitor/service";
import { timeOrNull, toRfc3339 } from "@omoios/kernel/clock";
import type { Verbs } from "../verbs.ts";
import { given } from "./given-labels.ts";

/** What a dashboard shows of the newest anomalies, and of critical alerts. */
const SHOWN = 20;

type Routes = "listAnomalies" | "getMonitorDashboard" | "listWorst" | "readOpenMetrics";

/** What answers the routes that show how things are. */
export function monitorViews(monitor: MonitorService, alerting: Alerting): Pick<Verbs, Routes> {
  return {
    listAnomalies: async (_ctx, { query: { metric_name, kind, severity, open, limit, cursor, ...labels } }) => {
      const wanted = { metric_name, kind, severity, open, labels: given(labels) };
      const { rows, cursor: next } = await monitor.anomalies({ ...wanted, limit, cursor });
      return { items: rows.map(anomalyShown), next_cursor: next ?? null };
    },

    async getMonitorDashboard(ctx) {
      const [{ alerts, ...overview }, anomalies, critical] = await Promise.all([
        monitor.overview(ctx),
        monitor.anomalies({ labels: {}, limit: SHOWN }),
        alerting.list({ state: ["firing", "acknowledged"], severity: "critical", limit: SHOWN }),
      ]);
      return {
        ...overview,
        anomalies: anomalies.rows.map(anomalyShown),
        alerts: { active: alerts, critical: critical.items },
      };
    },

    async listWorst(_ctx, { query: { by, limit } }) {
      return { items: await seriesShown(monitor, await monitor.worst(by, limit)), next_cursor: null };
    },

    readOpenMetrics: () => monitor.openMetrics(),
  };
}

/** Series by their last samples, with what the detector knows of them. */
export async function seriesShown(monitor: Pick<MonitorService, "learned">, all: readonly Series[]) {
  const learned = await monitor.learned(all);
  return all.flatMap(({ id, metric, labels, recent }) =>
    recent.slice(-1).map(([at, value]) => ({
      metric_name: metric,
      labels,
      value,
      timestamp: toRfc3339(at),
      ...learnedShown(learned.get(id)),
    })),
  );
}

/** Of a series that there is not nothing is known. */
export const learnedShown = ({ learning, p95 }: Learned = { learning: true, p95: undefined }) => ({
  learning,
  p95: p95 ?? null,
});

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
    cleared_at: timeOrNull(row.cleared_at),
  };
}
