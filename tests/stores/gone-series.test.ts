import { commitTo } from "@omoios/adapters/dynamodb/commit";
import { detectorBankOn } from "@omoios/adapters/dynamodb/detector-bank";
import { seriesOn } from "@omoios/adapters/dynamodb/series";
import { storeOn } from "@omoios/adapters/dynamodb/store";
import { defaultLimits as limits } from "@omoios/contracts/default-limits";
import type { AnomalyRow } from "@omoios/domain/monitor/anomalies/anomaly-row";
import { type DetectParts, detection } from "@omoios/domain/monitor/anomalies/detect";
import { systemContext } from "@omoios/kernel/context";
import { systemRandom } from "@omoios/kernel/random";
import { expect, it } from "vitest";
import { withTables } from "../harness/dynamodb.ts";

const NOW = Date.parse("2026-01-05T10:00:00Z");
const ID = "anomaly_1";

it("what is strange about a series is over when the series is gone", async () => {
  const { tables, stop } = await withTables();
  try {
    const clock = { now: () => NOW };
    const parts: DetectParts = {
      store: seriesOn(tables, clock, 14 * 86_400_000),
      rules: { ofMetric: async () => [] },
      state: storeOn(tables, clock),
      commit: commitTo(tables, limits.idempotency_hours),
      bank: detectorBankOn(tables),
      limits,
    };
    const ctx = systemContext("test", NOW, systemRandom);
    const found: AnomalyRow = {
      version: 0,
      anomaly_id: ID,
      metric_name: "agent.progress_age_seconds",
      labels: { agent_id: "gone" },
      kind: "spike",
      baseline: 1,
      observed: 9,
      p95: 2,
      score: 1,
      severity: "warning",
      at: NOW,
    };
    await parts.commit(ctx, [{ kind: "anomaly", after: found, events: [{ type: "monitor.anomaly.detected" }] }]);
    const watched = new Map([["00000000", { state: new Uint8Array(), open: [ID], calm: 0 }]]);
    await parts.bank.save({ n: 0, watched, written_at: NOW - 3_600_000, version: 0 });
    const detector = await detection(parts, ctx);
    await detector.finish();
    expect(await parts.state.get("anomaly", { anomaly_id: ID })).toMatchObject({ cleared_at: NOW });
    const [drawer] = await parts.bank.load();
    expect(drawer?.watched.size).toBe(0);
  } finally {
    await stop();
  }
});
