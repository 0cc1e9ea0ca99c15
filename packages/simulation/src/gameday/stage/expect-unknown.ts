import { seriesId } from "@omoios/domain/monitor/series/model";
import type { Client } from "@omoios/sdk/client";
import { paginate } from "@omoios/sdk/paginate";
import type { Past } from "../history.ts";

/** A history laid under a series that has samples would come late, and what the detector has learned of it would go on to count. */
export async function expectUnknown(operator: Client, history: readonly Past[]): Promise<void> {
  for (const { metric, labels } of history) {
    const wanted = seriesId(metric, labels);
    const query = { metric_name: metric, limit: 100 };
    for await (const { labels: own, timestamp } of paginate(operator, "listSeries", { query })) {
      if (seriesId(metric, own) !== wanted) continue;
      throw new Error(
        `the stage has samples of ${metric} ${JSON.stringify(labels)}, the last of ${timestamp}: a history is laid only under a series that has none; start a stage with a data directory of its own (npm start -- --data-dir DIR)`,
      );
    }
  }
}
