import { type MetricRow, metrics } from "@omoios/contracts/metrics";
import type { Verbs } from "../verbs.ts";

/** What answers the routes of the monitor. */
export function monitorVerbs(): Pick<Verbs, "listMetrics"> {
  return {
    async listMetrics() {
      const rows: [string, MetricRow][] = Object.entries(metrics);
      const items = rows.map(([name, { kind, labels, meaning }]) => ({
        name,
        type: kind,
        labels: [...labels],
        meaning,
      }));
      return { items, next_cursor: null };
    },
  };
}
