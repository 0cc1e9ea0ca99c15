import type { Instant } from "@omoios/kernel/clock";
import { shortDigest } from "../../digest.ts";
import type { Series } from "../series/model.ts";
import type { AnomalyRow } from "./anomaly-row.ts";
import type { Finding } from "./watch-series.ts";

/** An anomaly's id follows from its series and moment: however often it is found, it is one. */
export const anomalyIdOf = (series_id: string, at: Instant): string => `anomaly_${shortDigest(series_id, at)}`;

export function anomalyRow({ metric, labels, recent, traceparent }: Series, found: Finding, ttl: number): AnomalyRow {
  const { agent_id, phase_id, ticket_id } = labels;
  const isLast = recent.at(-1)?.[0] === found.at;
  return {
    ...found,
    version: 0,
    metric_name: metric,
    labels,
    agent_id,
    phase_id,
    ticket_id,
    trace_id: isLast ? traceparent?.split("-")[1] : undefined,
    ttl,
  };
}
