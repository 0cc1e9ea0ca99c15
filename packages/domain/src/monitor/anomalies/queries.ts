import type { Labels, Severity } from "@omoios/contracts/shapes/alert";
import type { Page, Store } from "../../store.ts";
import type { AnomalyRow } from "./anomaly-row.ts";

export interface AnomalyQuery {
  metric_name?: string | undefined;
  kind?: string | undefined;
  severity?: Severity | undefined;
  open?: "true" | "false" | undefined;
  /** Among its own. */
  labels: Labels;
  limit: number;
  cursor?: string | undefined;
}

/** Rows that one call looks at for a page that a filter thins; the cursor goes on from there. */
const LOOKED_AT = 1_000;

/** Anomalies, newest first. */
export async function listAnomalies(store: Store, query: AnomalyQuery): Promise<Page<AnomalyRow>> {
  const rows: AnomalyRow[] = [];
  let cursor = query.cursor;
  for (let looked = 0; rows.length < query.limit && looked < LOOKED_AT; ) {
    const limit = query.limit - rows.length;
    const page = await store.list("anomaly", "anomalies", { limit, cursor, newest_first: true });
    rows.push(...page.rows.filter((row) => passes(row, query)));
    looked += Math.max(1, page.rows.length);
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  return { rows, cursor };
}

function passes(row: AnomalyRow, { metric_name, kind, severity, open, labels }: AnomalyQuery): boolean {
  if (metric_name !== undefined && row.metric_name !== metric_name) return false;
  if (kind !== undefined && row.kind !== kind) return false;
  if (severity !== undefined && row.severity !== severity) return false;
  if (open !== undefined && (row.cleared_at === undefined) !== (open === "true")) return false;
  return Object.entries(labels).every(([name, text]) => row.labels[name] === text);
}
