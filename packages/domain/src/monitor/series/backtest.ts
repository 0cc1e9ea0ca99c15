import { catalogue } from "@omoios/contracts/metrics";
import type { Labels } from "@omoios/contracts/shapes/alert";
import type { Instant } from "@omoios/kernel/clock";
import { Problem } from "@omoios/kernel/problem";
import { evaluate, minutesFrom } from "../../alerting/rules/evaluate.ts";
import type { Rule } from "../../alerting/rules/rule.ts";
import { RUNNING } from "../../alerting/rules/rule-state.ts";
import { firedOf, inTime, type Trial } from "../../alerting/rules/try-rule.ts";
import { inTurn } from "../../in-turn.ts";
import { carriedForward } from "./carry.ts";
import type { Point, Series, SeriesStore, Span } from "./model.ts";

const MINUTE_MS = 60_000;
/** What one call may ask for. */
const MOST_SERIES = 100;
const MOST_EVALUATIONS = 200_000;
const MOST_SAMPLES = 200_000;
const PAGE = 1_000;

/**
 * Judges the stored samples of a metric as a running stage would have: each as it came, and each minute. The plane samples its gauges
 * and counters where they change, so that between two samples the first one stands. The timeline has changes alone.
 */
export async function backtest(store: SeriesStore, rule: Rule, labels: Labels, span: Span): Promise<Trial> {
  const minutes = Math.floor((span.until - span.from) / MINUTE_MS) + 1;
  if (minutes < 1) throw invalid("/from", "must lie before `to`");
  const all = await seriesOf(store, rule.metric, labels);
  if (all.length * minutes > MOST_EVALUATIONS) {
    const most = `${all.length} series over ${minutes} minutes; one call may make ${MOST_EVALUATIONS} evaluations`;
    throw invalid("/from", `asks for ${most}: take a shorter span, or name labels`);
  }
  const trial: Trial = { timeline: [], fired: [] };
  const pointsOf = readerOf(store, span);
  await inTurn(all, async (series) => {
    const evaluations = minutesFrom(span.from, span.until, MINUTE_MS);
    const stored = [...valueBefore(series, span.from), ...(await pointsOf(series))];
    const points = catalogue.get(series.metric)?.kind === "histogram" ? stored : carriedForward(stored, evaluations);
    const samples = points.filter(([at]) => at >= span.from).map(([at, value]) => ({ at, value }));
    const evaluated = evaluate(rule, series.labels, samples, evaluations, RUNNING);
    const changes = evaluated.filter(({ before, phase }) => before !== phase);
    trial.timeline.push(...changes.map(({ at, phase }) => ({ at, labels: series.labels, state: phase })));
    trial.fired.push(...firedOf(rule, series.labels, evaluated));
  });
  return inTime(trial);
}

/** The value that a series had when the span began, where its row still shows it. */
const valueBefore = ({ recent, tail = [] }: Series, from: Instant): Point[] =>
  [...tail, ...recent].filter(([at]) => at < from).slice(-1);

async function seriesOf(store: SeriesStore, metric: string, labels: Labels): Promise<Series[]> {
  const found: Series[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.page(metric, { limit: PAGE, cursor });
    const wanted = Object.entries(labels);
    found.push(...page.rows.filter((row) => wanted.every(([name, text]) => (row.labels[name] ?? "") === text)));
    cursor = page.cursor;
  } while (cursor !== undefined && found.length <= MOST_SERIES);
  if (found.length <= MOST_SERIES) return found;
  throw invalid("/labels", `leave more than ${MOST_SERIES} series of ${metric}: name more of them`);
}

/** Reads the samples of one series after the other, and refuses where all of them are too many for one call. */
function readerOf(store: SeriesStore, span: Span): (series: Series) => Promise<Point[]> {
  let read = 0;
  return async (series) => {
    const points: Point[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.history(series, span, { limit: PAGE, cursor });
      points.push(...page.rows);
      read += page.rows.length;
      if (read > MOST_SAMPLES)
        throw invalid("/from", `asks for more than ${MOST_SAMPLES} samples: take a shorter span, or name labels`);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return points;
  };
}

const invalid = (path: string, message: string) => new Problem("request.invalid", { errors: [{ path, message }] });
