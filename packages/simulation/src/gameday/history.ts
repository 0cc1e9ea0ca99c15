import { catalogue } from "@omoios/contracts/metrics";
import { durationMs } from "@omoios/contracts/shapes/duration";
import type { Sample } from "@omoios/contracts/shapes/sample";
import { duplicates, unknownName } from "@omoios/domain/config/names";
import type { ConfigIssue, ConfigPath } from "@omoios/domain/config/positions";
import { REPLAYED_MS, REPLAYED_POINTS } from "@omoios/domain/monitor/anomalies/missed-points";
import { labelFaults } from "@omoios/domain/monitor/series/check-samples";
import { seriesId } from "@omoios/domain/monitor/series/model";
import { LEARNING_POINTS } from "@omoios/domain/monitor/settings";
import { type Instant, toRfc3339 } from "@omoios/kernel/clock";
import { seededRandom } from "@omoios/kernel/random";
import type { GameDayFile } from "./game-day-shape.ts";

/** What a series was before the run. */
export type Past = GameDayFile["history"][number];

const pointsOf = ({ for: span, every }: Past): number => Math.floor(durationMs(span) / durationMs(every));

/** What is wrong with the histories of a file. */
export function checkHistory(history: readonly Past[]): ConfigIssue[] {
  const named = history.map(({ metric, labels }, index) => ({
    name: seriesId(metric, labels),
    path: ["history", index],
  }));
  return [
    ...history.flatMap((past, index) => checkPast(past, ["history", index])),
    ...duplicates(named).map(({ path }) => ({ path, message: "is of the same series as one before it" })),
  ];
}

function checkPast(past: Past, path: ConfigPath): ConfigIssue[] {
  const { metric, labels, between, for: span } = past;
  const row = catalogue.get(metric);
  const [low, high] = between;
  const points = pointsOf(past);
  const issues = unknownName("metric", metric, [...catalogue.keys()], [...path, "metric"]);
  for (const { path: name, message } of labelFaults(labels, row, ""))
    issues.push({ path: [...path, "labels", name.slice(1)], message });
  if (row?.kind === "counter")
    issues.push({ path: [...path, "metric"], message: `${metric} is a counter, which only rises: name a gauge` });
  if (low > high) issues.push({ path: [...path, "between"], message: "has its lower value first" });
  if (durationMs(span) > REPLAYED_MS)
    issues.push({ path: [...path, "for"], message: "is longer than 1d: what is older the detector leaves out" });
  if (!(points > LEARNING_POINTS && points <= REPLAYED_POINTS))
    issues.push({
      path,
      message: `makes ${points} points: more than ${LEARNING_POINTS} are needed, of which the detector learns before it judges, and ${REPLAYED_POINTS} at most`,
    });
  return issues;
}

/** The samples of all of them: each series up to one step before the begin, drawn by the seed, and whole where both bounds are. */
export function samplesBefore(begin: Instant, history: readonly Past[], seed: number): Sample[] {
  const random = seededRandom(seed);
  return history.flatMap((past) => {
    const { metric, labels, between, every } = past;
    const [low, high] = between;
    const whole = Number.isInteger(low) && Number.isInteger(high);
    const draw = () => (whole ? low + Math.floor(random() * (high - low + 1)) : low + random() * (high - low));
    return Array.from({ length: pointsOf(past) }, (_, index) => ({
      metric_name: metric,
      labels,
      value: draw(),
      timestamp: toRfc3339(begin - (pointsOf(past) - index) * durationMs(every)),
    }));
  });
}
