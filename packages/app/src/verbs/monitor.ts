import { type MetricRow, metrics } from "@omoios/contracts/metrics";
import type { SeriesService } from "@omoios/domain/monitor/series/service";
import type { MonitorService } from "@omoios/domain/monitor/service";
import { fromRfc3339, toRfc3339 } from "@omoios/kernel/clock";
import type { Verbs } from "../verbs.ts";
import { given } from "./given-labels.ts";
import { learnedShown, seriesShown } from "./monitor-views.ts";

const HOUR_MS = 3_600_000;

/** What answers the routes of the monitor. */
export function monitorVerbs(
  series: SeriesService,
  monitor: Pick<MonitorService, "learned">,
): Pick<Verbs, "listMetrics" | "sendSamples" | "listSeries" | "getMetricHistory"> {
  return {
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
      return { items: await seriesShown(monitor, rows), next_cursor: next ?? null };
    },

    async getMetricHistory(ctx, { params, query: { from, to, limit, cursor, ...labels } }) {
      const until = (to === undefined ? undefined : fromRfc3339(to)) ?? ctx.now;
      const span = { from: (from === undefined ? undefined : fromRfc3339(from)) ?? until - HOUR_MS, until };
      const found = await series.history(params.name, given(labels), span, { limit, cursor });
      const { rows, cursor: next, series: of } = found;
      const learned = of === undefined ? undefined : (await monitor.learned([of])).get(of.id);
      return {
        ...learnedShown(learned),
        items: rows.map(([at, value]) => ({ timestamp: toRfc3339(at), value })),
        next_cursor: next ?? null,
      };
    },
  };
}
