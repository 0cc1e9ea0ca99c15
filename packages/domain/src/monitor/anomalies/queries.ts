import type { Labels, Severity } from "@omoios/contracts/shapes/alert";
import type { Page, PageRequest, Store } from "../../store.ts";
import { shelf, thinnedList } from "../../thinned-list.ts";
import type { AnomalyRow } from "./anomaly-row.ts";

export interface AnomalyQuery extends PageRequest {
  metric_name?: string | undefined;
  kind?: string | undefined;
  severity?: Severity | undefined;
  open?: "true" | "false" | undefined;
  /** Among its own. */
  labels: Labels;
}

/** Anomalies, newest first. */
export function listAnomalies(store: Store, query: AnomalyQuery): Promise<Page<AnomalyRow>> {
  const wanted = (row: AnomalyRow) => (passes(row, query) ? row : undefined);
  return thinnedList([shelf(store, "anomaly", "anomalies", wanted)], query);
}

function passes(row: AnomalyRow, { metric_name, kind, severity, open, labels }: AnomalyQuery): boolean {
  if (metric_name !== undefined && row.metric_name !== metric_name) return false;
  if (kind !== undefined && row.kind !== kind) return false;
  if (severity !== undefined && row.severity !== severity) return false;
  if (open !== undefined && (row.cleared_at === undefined) !== (open === "true")) return false;
  return Object.entries(labels).every(([name, text]) => row.labels[name] === text);
}
