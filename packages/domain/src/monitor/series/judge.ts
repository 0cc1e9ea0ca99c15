import type { Rule } from "../../alerting/rules/rule.ts";
import type { AlertSignal } from "../../alerting/signal.ts";
import { type RequestContext, Stale } from "../../commit.ts";
import type { Judged } from "./judge-series.ts";
import type { Chunk, Series, SeriesStore } from "./model.ts";

/** Signals that alerting could not be told are kept so far back. */
const UNTOLD = 20;

export interface JudgeParts {
  store: SeriesStore;
  rules: { ofMetric(metric: string): Promise<readonly Rule[]> };
  sleep(ms: number): Promise<void>;
  alerting: { hear(ctx: RequestContext, signals: readonly AlertSignal[]): Promise<void> };
}

/** Writes a series with what rules made of it, then tells alerting. What dies between is told by the next sweep. */
export async function saveJudged(
  { store, alerting }: Pick<JudgeParts, "store" | "alerting">,
  ctx: RequestContext,
  series: Series,
  { states, signals }: Judged,
  chunks: readonly Chunk[] = [],
): Promise<Series> {
  const untold = [...series.untold, ...signals].slice(-UNTOLD);
  const saved = await store.save({ ...series, states, untold }, chunks);
  if (untold.length === 0) return saved;
  await alerting.hear(ctx, untold);
  try {
    return await store.save({ ...saved, untold: [] }, []);
  } catch (error) {
    // Who was faster has them in hand too, and tells them once more: that says nothing new.
    if (!(error instanceof Stale)) throw error;
    return saved;
  }
}
