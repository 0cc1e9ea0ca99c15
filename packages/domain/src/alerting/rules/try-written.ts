import type { TestAlertRule } from "@omoios/contracts/shapes/alert-rule";
import { durationMs } from "@omoios/contracts/shapes/duration";
import type { Instant } from "@omoios/kernel/clock";
import { type Fault, Problem } from "@omoios/kernel/problem";
import { issueFaults } from "../../config/issue-faults.ts";
import { checkRule, type RuleContext } from "./check-rule.ts";
import { checkSeries } from "./check-series.ts";
import { evaluationsOf, type Trial, tryRule } from "./try-rule.ts";

/** What one call may ask for. */
const MAX_EVALUATIONS = 20_000;

/**
 * Tries a rule as a caller wrote it. Series of other metrics than the rule's are not looked at. Throws `request.invalid` with the place
 * of each fault.
 */
export function tryWritten(given: TestAlertRule, start: Instant, context: RuleContext = {}): Trial {
  const read = checkRule(given.rule, context);
  const interval_ms = durationMs(given.evaluation_interval);
  const faults = [
    ...(read.ok ? [] : issueFaults(read.issues, "/rule")),
    ...(interval_ms > 0 ? [] : [{ path: "/evaluation_interval", message: "must be more than 0" }]),
    ...given.series.flatMap((series, index) => seriesFaults(series, `/series/${index}`)),
  ];
  if (faults.length > 0 || !read.ok) throw new Problem("request.invalid", { errors: faults });
  const series = given.series
    .filter(({ metric_name }) => metric_name === read.rule.metric)
    .map(({ labels, values, interval }) => ({ labels, values, interval_ms: durationMs(interval) }));
  const evaluations = evaluationsOf(interval_ms, series);
  if (evaluations <= MAX_EVALUATIONS) return tryRule(read.rule, start, interval_ms, series);
  const message = `makes ${evaluations} evaluations of these series; one call may make ${MAX_EVALUATIONS}`;
  throw new Problem("request.invalid", { errors: [{ path: "/evaluation_interval", message }] });
}

function seriesFaults(series: TestAlertRule["series"][number], path: string): Fault[] {
  const timed = durationMs(series.interval) > 0 ? [] : [{ path: `${path}/interval`, message: "must be more than 0" }];
  return [...issueFaults(checkSeries(series), path), ...timed];
}
