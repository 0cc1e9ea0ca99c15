import type { FleetAgent } from "../agents/fleet.ts";
import type { RequestContext } from "../commit.ts";
import type { Page } from "../store.ts";
import type { AnomalyRow } from "./anomalies/anomaly-row.ts";
import { type Learned, learnedOf } from "./anomalies/learned.ts";
import { type AnomalyQuery, listAnomalies } from "./anomalies/queries.ts";
import { openMetrics } from "./open-metrics.ts";
import { overviewOf, worst } from "./overview.ts";
import type { Series } from "./series/model.ts";
import { type SweepParts, sweepMinute } from "./sweep.ts";

export type MonitorService = ReturnType<typeof monitorService>;

/** Rows of series to a request. */
const PAGE = 10_000;

/** What the monitor does by itself, and what it shows. */
export function monitorService(parts: SweepParts) {
  const everySeries = async (metric?: string): Promise<Series[]> => {
    const all: Series[] = [];
    let cursor: string | undefined;
    do {
      const page = await parts.store.page(metric, { limit: PAGE, cursor });
      all.push(...page.rows);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return all;
  };

  return {
    /** Each minute. `fleet` are the agents that beat; undefined where that is not known now. */
    sweep: (ctx: RequestContext, fleet: readonly FleetAgent[] | undefined): Promise<void> =>
      sweepMinute(parts, ctx, fleet),

    /** What the detector knows of series, by their ids. */
    learned: (series: readonly Series[]): Promise<Map<string, Learned>> => learnedOf(parts.bank, series),

    /** Anomalies, newest first. */
    anomalies: (query: AnomalyQuery): Promise<Page<AnomalyRow>> => listAnomalies(parts.state, query),

    /** The plane as a whole: sums as they are, the fleet as the last sweep saw it. */
    async overview(ctx: RequestContext) {
      const { tallies, memory } = await parts.figures.read();
      return overviewOf(tallies, memory, ctx.now);
    },

    /** The series of a metric that are highest. */
    worst: async (metric: string, count: number): Promise<Series[]> => worst(await everySeries(metric), count),

    /** Every series as OpenMetrics. */
    openMetrics: async (): Promise<string> => openMetrics(await everySeries()),
  };
}
