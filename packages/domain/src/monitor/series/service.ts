import type { Limits } from "@omoios/contracts/limits";
import { catalogue } from "@omoios/contracts/metrics";
import type { Labels } from "@omoios/contracts/shapes/alert";
import type { Sample } from "@omoios/contracts/shapes/sample";
import { Problem } from "@omoios/kernel/problem";
import type { Rule } from "../../alerting/rules/rule.ts";
import type { Trial } from "../../alerting/rules/try-rule.ts";
import type { RequestContext } from "../../commit.ts";
import { patiently, untilSettled } from "../../decide.ts";
import { inTurn } from "../../in-turn.ts";
import type { Page, PageRequest } from "../../store.ts";
import { backtest } from "./backtest.ts";
import { type Arrival, checkSamples, labelFaults, missingLabels } from "./check-samples.ts";
import { type JudgeParts, saveJudged } from "./judge.ts";
import { judgePoints } from "./judge-series.ts";
import { newSeries, type Point, type Series, type Span, seriesId } from "./model.ts";
import { takePoints } from "./points.ts";
import { withTrace } from "./traces.ts";

const DAY_MS = 86_400_000;

export interface SeriesParts extends JudgeParts {
  limits: Limits;
}

export type SeriesService = ReturnType<typeof seriesService>;

/** The series with the trace of a call that brought it points. */
const traced = (series: Series, fresh: readonly Point[], { traceparent }: RequestContext): Series => ({
  ...series,
  traces: withTrace(series.traces ?? [], fresh, traceparent),
});

/** Series of a metric among which those are looked for that a call may have meant. */
const LOOKED_AT = 1_000;

export interface History extends Page<Point> {
  series: Series | undefined;
}

/** The verbs of samples. */
export function seriesService(parts: SeriesParts) {
  const { store, limits } = parts;
  const bounds = {
    tolerance_ms: limits.clock_tolerance_seconds * 1000,
    kept_ms: limits.retention_days.samples * DAY_MS,
  };

  const take = async (ctx: RequestContext, arrival: Arrival, read: Series | undefined): Promise<void> => {
    const rules = await parts.rules.ofMetric(arrival.metric);
    let tries = 0;
    // A fleet tells of one series from many processes in one moment.
    const patience = patiently(parts.sleep, ctx.random);
    await untilSettled(async () => {
      const known = tries++ === 0 ? read : (await store.getMany([arrival]))[0];
      const { series, chunks, fresh } = takePoints(known ?? newSeries(arrival), arrival.points);
      if (fresh.length > 0)
        await saveJudged(parts, ctx, traced(series, fresh, ctx), judgePoints(series, fresh, rules, ctx.now), chunks);
      else if (chunks.length > 0) await store.keep(series, chunks);
    }, patience);
  };

  return {
    /** Takes samples: one read and one write for each series that they are of, judged by its rules as they come. An agent's are of itself. */
    async takeSamples(ctx: RequestContext, samples: readonly Sample[], agent_id: string | undefined): Promise<void> {
      const arrivals = checkSamples(samples, { ...bounds, now: ctx.now, authority: ctx.actor.authority, agent_id });
      const known = new Map((await store.getMany(arrivals)).map((series) => [series.id, series]));
      await inTurn(arrivals, (arrival) => take(ctx, arrival, known.get(arrival.id)));
    },

    /** A page of the series with these labels among theirs. */
    async list(metric: string | undefined, labels: Labels, paging: PageRequest): Promise<Page<Series>> {
      const { rows, cursor } = await store.page(metric, paging);
      const wanted = Object.entries(labels);
      return { rows: rows.filter((row) => wanted.every(([name, text]) => (row.labels[name] ?? "") === text)), cursor };
    },

    /** What a rule would have done with the stored history of its metric. Throws `request.invalid` where that is too much. */
    backtest: (rule: Rule, labels: Labels, span: Span): Promise<Trial> => backtest(store, rule, labels, span),

    /**
     * A page of the history of the series with exactly these labels, and the series, where there is one. Throws `request.invalid` where
     * series have these labels and others beside them.
     */
    async history(metric: string, labels: Labels, span: Span, paging: PageRequest): Promise<History> {
      const row = catalogue.get(metric);
      if (row === undefined) throw new Problem("metric.not_found");
      const errors = labelFaults(labels, row, "").map(({ path, message }) => ({ path: path.slice(1), message }));
      if (errors.length > 0) throw new Problem("request.invalid", { errors });
      const key = { id: seriesId(metric, labels), metric };
      const [page, [series]] = await Promise.all([store.history(key, span, paging), store.getMany([key])]);
      if (series !== undefined || page.rows.length > 0) return { ...page, series };
      const missing = missingLabels(labels, (await store.page(metric, { limit: LOOKED_AT })).rows);
      if (missing.length > 0) throw new Problem("request.invalid", { errors: missing });
      return { ...page, series };
    },
  };
}
