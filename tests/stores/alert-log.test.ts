import type { LogEntry } from "@omoios/domain/alerting/log";
import { alertingService } from "@omoios/domain/alerting/service";
import { systemContext } from "@omoios/kernel/context";
import { newId } from "@omoios/kernel/ids";
import { systemRandom } from "@omoios/kernel/random";
import { expect, it } from "vitest";
import { alertParts, alertWord } from "../harness/alert-parts.ts";
import { withTables } from "../harness/dynamodb.ts";

const NOW = Date.parse("2026-01-05T10:00:00Z");

it("an alert is shown with the newest lines of its log, and by a cursor with those before", async () => {
  const { tables, stop } = await withTables();
  try {
    const parts = alertParts(tables, () => NOW);
    const alerting = alertingService(parts);
    await alerting.hear(systemContext("test", NOW, systemRandom), [alertWord(NOW, 1)]);
    const [alert] = (await alerting.list({ state: ["firing"], limit: 1 })).items;
    const alert_id = alert?.alert_id ?? newId("alert", systemRandom);
    const lines = Array.from(
      { length: 250 },
      (_, n): LogEntry => ({ alert_id, at: NOW + 1 + n, decision: "sent", why: `${n}` }),
    );
    await parts.log.write(lines, Math.ceil(NOW / 1000) + 86_400);
    const newest = await alerting.show(alert_id);
    expect(newest.log.map(({ why }) => why)).toEqual(lines.slice(50).map(({ why }) => why));
    const before = await alerting.show(alert_id, newest.log_next_cursor ?? undefined);
    expect(before.log.slice(-1)).toMatchObject([{ why: "49" }]);
    expect([before.log[0]?.decision, before.log_next_cursor]).toEqual(["firing", null]);
  } finally {
    await stop();
  }
});
