import { seriesOn } from "@omoios/adapters/dynamodb/series";
import { defaultLimits } from "@omoios/contracts/default-limits";
import { seriesService } from "@omoios/domain/monitor/series/service";
import { systemContext } from "@omoios/kernel/context";
import { systemRandom } from "@omoios/kernel/random";
import { expect, it } from "vitest";
import { withTables } from "../harness/dynamodb.ts";

const NOW = Date.parse("2026-01-05T10:00:00Z");
const WRITERS = 12;

it("twelve processes that bring samples of one series in the worst order are all taken", async () => {
  const { tables, stop } = await withTables();
  try {
    const near = seriesOn(tables, { now: () => NOW }, 14 * 86_400_000);
    // In the worst order: all have read, the oldest sample is written first, and all others are news still and have to be decided anew.
    const waiting: { value: number; go(others: (() => void)[]): void }[] = [];
    let left = WRITERS;
    const store: typeof near = {
      ...near,
      async save(...given) {
        const value = given[0].recent.at(-1)?.[1] ?? 0;
        const others = await new Promise<(() => void)[]>((go) => {
          waiting.push({ value, go });
          if (waiting.length < left) return;
          const [first, ...rest] = waiting.splice(0).sort((a, b) => a.value - b.value);
          first?.go(rest.map((each) => () => each.go([])));
        });
        const saved = await near.save(...given);
        left -= 1;
        for (const go of others) go();
        return saved;
      },
    };
    const rules = { ofMetric: async () => [] };
    const alerting = { hear: async () => undefined };
    const series = seriesService({ store, rules, alerting, sleep: tables.sleep, limits: defaultLimits });
    const sample = (n: number) => ({
      metric_name: "tasks_queued_total",
      value: n,
      labels: { phase_id: "PHASE_A" },
      timestamp: new Date(NOW - 60_000 + n).toISOString(),
    });
    await Promise.all(
      Array.from({ length: WRITERS }, (_, n) =>
        series.takeSamples(systemContext("test", NOW, systemRandom), [sample(n)], undefined),
      ),
    );
    const span = { from: NOW - 60_000, until: NOW };
    const { rows } = await series.history("tasks_queued_total", { phase_id: "PHASE_A" }, span, { limit: 100 });
    expect(rows.map(([, value]) => value)).toEqual(Array.from({ length: WRITERS }, (_, n) => n));
  } finally {
    await stop();
  }
});
