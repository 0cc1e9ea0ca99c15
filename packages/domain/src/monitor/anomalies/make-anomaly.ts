import type { Instant } from "@omoios/kernel/clock";
import type { Rule } from "../../alerting/rules/rule.ts";
import { shortDigest } from "../../digest.ts";
import { percentOff } from "../anomaly.ts";
import type { Series } from "../series/model.ts";
import type { AnomalyRow } from "./anomaly-row.ts";
import { breachedBound } from "./breach.ts";
import type { Finding } from "./watch-series.ts";

/** An anomaly's id follows from its series and moment: however often it is found, it is one. */
export const anomalyIdOf = (series_id: string, at: Instant): string => `anomaly_${shortDigest(series_id, at)}`;

/**
 * @param rules of the series' metric, as they are in force
 * @param traceparent of the call that brought the sample
 */
export function anomalyRow(
  { metric, labels }: Series,
  found: Finding,
  rules: readonly Rule[],
  { traceparent, ttl }: { traceparent: string | undefined; ttl: number },
): AnomalyRow {
  const { agent_id, phase_id, ticket_id } = labels;
  const { value, usual, ...told } = found;
  const bound = breachedBound(rules, labels, { value, usual });
  return {
    ...told,
    ...(bound === undefined ? {} : breachOf(value, bound)),
    version: 0,
    metric_name: metric,
    labels,
    agent_id,
    phase_id,
    ticket_id,
    trace_id: traceparent?.split("-")[1],
    traceparent,
    ttl,
  };
}

const breachOf = (value: number, bound: number) =>
  ({
    kind: "threshold_breach",
    baseline: bound,
    observed: value,
    deviation_percent: percentOff(value, bound),
  }) as const;
