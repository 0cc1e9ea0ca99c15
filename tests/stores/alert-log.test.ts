import { alertLogOn } from "@omoios/adapters/dynamodb/alert-log";
import { commitTo } from "@omoios/adapters/dynamodb/commit";
import { storeOn } from "@omoios/adapters/dynamodb/store";
import { defaultLimits as limits } from "@omoios/contracts/default-limits";
import type { LogEntry } from "@omoios/domain/alerting/log";
import { routingOf } from "@omoios/domain/alerting/routing";
import { routingConfig } from "@omoios/domain/alerting/routing-config";
import { alertingService } from "@omoios/domain/alerting/service";
import { systemContext } from "@omoios/kernel/context";
import { newId } from "@omoios/kernel/ids";
import { systemRandom } from "@omoios/kernel/random";
import { expect, it } from "vitest";
import { withTables } from "../harness/dynamodb.ts";

const NOW = Date.parse("2026-01-05T10:00:00Z");
const ROUTING = routingConfig.parse({
  receivers: [{ name: "desk", type: "email", to: ["desk@example.com"] }],
  route: { receiver: "desk" },
});

it("an alert is shown with the newest lines of its log, and by a cursor with those before", async () => {
  const { tables, stop } = await withTables();
  try {
    const log = alertLogOn(tables);
    const alerting = alertingService({
      store: storeOn(tables, { now: () => NOW }),
      commit: commitTo(tables, limits.idempotency_hours),
      timers: { set: async () => undefined },
      log,
      routing: routingOf(ROUTING),
      external_url: () => "",
      limits,
    });
    const word = { alertname: "slow", labels: {}, status: "firing", severity: "warning", annotations: {} } as const;
    const context = systemContext("test", NOW, systemRandom);
    await alerting.hear(context, [{ ...word, at: NOW, routing: [], deduplication_window_ms: 0 }]);
    const [alert] = (await alerting.list({ state: ["firing"], limit: 1 })).items;
    const alert_id = alert?.alert_id ?? newId("alert", systemRandom);
    const lines = Array.from(
      { length: 250 },
      (_, n): LogEntry => ({ alert_id, at: NOW + 1 + n, decision: "sent", why: `${n}` }),
    );
    await log.write(lines, Math.ceil(NOW / 1000) + 86_400);
    const newest = await alerting.show(alert_id);
    expect(newest.log.map(({ why }) => why)).toEqual(lines.slice(50).map(({ why }) => why));
    const before = await alerting.show(alert_id, newest.log_next_cursor ?? undefined);
    expect(before.log.slice(-1)).toMatchObject([{ why: "49" }]);
    expect([before.log[0]?.decision, before.log_next_cursor]).toEqual(["firing", null]);
  } finally {
    await stop();
  }
});
