import type { Rule } from "../../alerting/rules/rule.ts";
import type { AlertSignal } from "../../alerting/signal.ts";
import { type RequestContext, Stale } from "../../commit.ts";
import { untilSettled } from "../../decide.ts";
import { inTurn } from "../../in-turn.ts";
import { type Judged, judgeMinute, minuteMatters } from "./judge-series.ts";
import type { Chunk, Series, SeriesStore } from "./model.ts";

/** Signals that alerting could not be told are kept so far back. */
const UNTOLD = 20;
/** A request of the sweep reads what fits into its answer. */
const PAGE = 10_000;

export interface JudgeParts {
  store: SeriesStore;
  rules: { ofMetric(metric: string): Promise<readonly Rule[]> };
  alerting: { hear(ctx: RequestContext, signals: readonly AlertSignal[]): Promise<void> };
}

/** Writes a series with what rules made of it, then tells alerting. What dies between is told by the next sweep. */
export async function saveJudged(
  { store, alerting }: Pick<JudgeParts, "store" | "alerting">,
  ctx: RequestContext,
  series: Series,
  { states, signals }: Judged,
  chunks: readonly Chunk[] = [],
): Promise<void> {
  const untold = [...series.untold, ...signals].slice(-UNTOLD);
  const saved = await store.save({ ...series, states, untold }, chunks);
  if (untold.length === 0) return;
  await alerting.hear(ctx, untold);
  try {
    await store.save({ ...saved, untold: [] }, []);
  } catch (error) {
    // Who was faster has them in hand too, and tells them once more: that says nothing new.
    if (!(error instanceof Stale)) throw error;
  }
}

/**
 * Judges a minute of every series of which something is remembered: reads the rows of all, writes those that were judged. A series by
 * which all is well costs no write.
 */
export async function sweepSeries(parts: JudgeParts, ctx: RequestContext): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await parts.store.page(undefined, { limit: PAGE, cursor });
    await inTurn(page.rows, (series) => sweepOne(parts, ctx, series));
    cursor = page.cursor;
  } while (cursor !== undefined);
}

async function sweepOne(parts: JudgeParts, ctx: RequestContext, listed: Series): Promise<void> {
  const rules = await parts.rules.ofMetric(listed.metric);
  if (listed.untold.length === 0 && !minuteMatters(listed, rules)) return;
  let read: Series | undefined = listed;
  await untilSettled(async () => {
    const series = read ?? (await parts.store.getMany([listed]))[0];
    read = undefined;
    if (series !== undefined) await saveJudged(parts, ctx, series, judgeMinute(series, rules, ctx.now));
  });
}
