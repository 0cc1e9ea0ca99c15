import { type MetricRow, metrics } from "@omoios/contracts/metrics";
import type { Labels } from "@omoios/contracts/shapes/alert";
import type { Series } from "@omoios/domain/monitor/series/model";
import type { SeriesService } from "@omoios/domain/monitor/series/service";
import { fromRfc3339, toRfc3339 } from "@omoios/kernel/clock";
import type { Verbs } from "../verbs.ts";

const HOUR_MS = 3_600_000;

/** What answers the routes of the monitor. */
export function monitorVerbs(
  series: SeriesService,
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
