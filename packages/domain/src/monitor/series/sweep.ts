import type { Instant } from "@omoios/kernel/clock";
import type { Rule } from "../../alerting/rules/rule.ts";
import type { RequestContext } from "../../commit.ts";
import { patiently, untilSettled } from "../../decide.ts";
import { inTurn } from "../../in-turn.ts";
import { asksEachMinute, type Measurement, pointsOf } from "../figures/measurement.ts";
import { type JudgeParts, saveJudged } from "./judge.ts";
import { judgeMinute, judgePoints, minuteMatters } from "./judge-series.ts";
import { newSeries, type Point, type RuleStates, type Series, type SeriesKey, seriesId } from "./model.ts";
import { takePoints } from "./points.ts";

/** A request of the sweep reads what fits into its answer. */
const PAGE = 10_000;

/** What a sweep does beside judging. */
export interface SweepWork {
  /** What the plane measured in this minute. */
  measured: readonly Measurement[];
  /** What is over of these series, by their ids. */
  ends(series: readonly Series[]): Promise<ReadonlyMap<string, Measurement>>;
  /** Whether something strange about a series is not over: it is sampled each minute until then. */
  isStrange(series: Series): boolean;
  /** Every series as it stands after this minute. */
  see(series: readonly Series[]): Promise<void>;
}

type Labelled = SeriesKey & Pick<Series, "labels">;

/**
 * Reads the rows of all series; samples those that the plane measures and that changed, and judges the minute of those of which something
 * goes on. A series by which all is well costs no write. The row's version decides of two sweeps that run side by side.
 */
export async function sweepSeries(parts: JudgeParts, ctx: RequestContext, work: SweepWork): Promise<void> {
  const measured = new Map<string, Measurement>();
  for (const each of work.measured) measured.set(seriesId(each.metric, each.labels), each);
  let cursor: string | undefined;
  do {
    const page = await parts.store.page(undefined, { limit: PAGE, cursor });
    const ends = await work.ends(page.rows.filter(({ id }) => !measured.has(id)));
    const after: Series[] = [];
    await inTurn(page.rows, async (listed) => {
      const found = measured.get(listed.id) ?? ends.get(listed.id);
      measured.delete(listed.id);
      after.push((await sweepOne(parts, ctx, listed, listed, found, work.isStrange)) ?? listed);
    });
    await work.see(after);
    cursor = page.cursor;
  } while (cursor !== undefined);
  await sampleNew(parts, ctx, [...measured.values()]);
}

/** Series that do not stand in the list yet. Nothing is read for what gives no first sample. */
async function sampleNew(parts: JudgeParts, ctx: RequestContext, measured: readonly Measurement[]): Promise<void> {
  const fresh: Measurement[] = [];
  await inTurn(measured, async (each) => {
    const rules = await parts.rules.ofMetric(each.metric);
    if (pointsOf(undefined, each, rules, ctx.now).length > 0) fresh.push(each);
  });
  const keys = fresh.map((each): [Labelled, Measurement] => {
    const { metric, labels } = each;
    return [{ id: seriesId(metric, labels), metric, labels }, each];
  });
  const known = keys.length === 0 ? [] : await parts.store.getMany(keys.map(([key]) => key));
  const rowOf = new Map(known.map((series) => [series.id, series]));
  await inTurn(keys, async ([key, each]) => {
    await sweepOne(parts, ctx, key, rowOf.get(key.id), each);
  });
}

function sweepOne(
  parts: JudgeParts,
  ctx: RequestContext,
  key: Labelled,
  read: Series | undefined,
  measured: Measurement | undefined,
  isStrange?: SweepWork["isStrange"],
): Promise<Series | undefined> {
  let tries = 0;
  return untilSettled(
    async () => {
      const known = tries++ === 0 ? read : (await parts.store.getMany([key]))[0];
      const rules = await parts.rules.ofMetric(key.metric);
      const points = measured === undefined ? [] : pointsOf(known, measured, rules, ctx.now, isStrange);
      const { series, chunks, fresh } = takePoints(known ?? newSeries(key), points);
      const seen = fresh.length === 0 && known !== undefined ? standing(measured, rules, ctx.now) : fresh;
      const matters = minuteMatters(series, rules) || series.untold.length > 0;
      if (seen.length === 0 && !(known !== undefined && matters)) return known;
      const sampled = judgePoints(series, seen, rules, ctx.now);
      const next = { ...series, states: sampled.states };
      const minute = minuteMatters(next, rules)
        ? judgeMinute(next, rules, ctx.now)
        : { states: next.states, signals: [] };
      const signals = [...sampled.signals, ...minute.signals];
      const untold = signals.length + series.untold.length;
      if (fresh.length === 0 && untold === 0 && same(series.states, minute.states)) return known;
      return saveJudged(parts, ctx, series, { states: minute.states, signals }, chunks);
    },
    patiently(parts.sleep, ctx.random),
  );
}

/** A value that has not changed is no sample. Rules that ask for each minute see it all the same. */
function standing(measured: Measurement | undefined, rules: readonly Rule[], now: Instant): Point[] {
  const asked = measured !== undefined && !measured.mean && rules.some(asksEachMinute);
  return asked ? [[now, measured.value]] : [];
}

/** When it was looked says nothing of a rule by which all is well. */
const TIMES = new Set(["evaluated_at", "sampled_at", "minute_at"]);

/** Whether a minute has left nothing to remember. */
function same(before: RuleStates, after: RuleStates): boolean {
  const well = Object.values(after).every(({ phase, missing }) => phase === "inactive" && missing === 0);
  const text = (states: RuleStates) => JSON.stringify(states, (name, value) => (TIMES.has(name) ? undefined : value));
  return well && text(before) === text(after);
}
