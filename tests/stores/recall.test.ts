import { commitTo } from "@omoios/adapters/dynamodb/commit";
import { pulseOn } from "@omoios/adapters/dynamodb/pulse";
import { storeOn } from "@omoios/adapters/dynamodb/store";
import { defaultLimits } from "@omoios/contracts/default-limits";
import type { Store } from "@omoios/domain/store";
import { next } from "@omoios/domain/watchdog/ladder";
import { recall } from "@omoios/domain/watchdog/look";
import { remediationIdOf } from "@omoios/domain/watchdog/open";
import { actionOf } from "@omoios/domain/watchdog/policy";
import { remediation, seen } from "@omoios/domain/watchdog/remediation.fixture";
import { begin, changesOf } from "@omoios/domain/watchdog/transitions";
import { systemContext } from "@omoios/kernel/context";
import { systemRandom } from "@omoios/kernel/random";
import { expect, it } from "vitest";
import { withTables } from "../harness/dynamodb.ts";

const NOW = Date.parse("2026-01-05T10:00:00Z");

it("what begins on the same target while the limits are read is waited for, and passes no limit", async () => {
  const { tables, stop } = await withTables();
  try {
    const store = storeOn(tables, { now: () => NOW });
    const commit = commitTo(tables, defaultLimits.idempotency_hours);
    const ctx = systemContext("test", NOW, systemRandom);
    const by_event = remediation({ remediation_id: remediationIdOf("p", "event_1"), opened_at: NOW, due_at: NOW });
    const by_alert = remediation({ opened_at: NOW, due_at: NOW });
    await commit(ctx, [{ kind: "remediation", after: by_event }]);
    const row = await store.get("remediation", by_event);
    if (row === undefined) throw new Error("It was just written");

    // The other one begins behind a look at the target's line, and before a look at the fleet.
    let line_read: Promise<unknown> = Promise.resolve();
    const get: Store["get"] = async (kind, key) => {
      if (kind === "remediation_line") {
        const read = store.get(kind, key);
        line_read = read;
        return read;
      }
      if (kind !== "remediation_fleet") return store.get(kind, key);
      await line_read;
      const none = { line: undefined, fleet: undefined, active: 1 };
      await commit(ctx, changesOf(row, none, begin(row, actionOf({ type: "requeue_tasks" }), none, NOW)));
      return store.get(kind, key);
    };
    const memory = await recall({ store: { ...store, get }, pulse: pulseOn(tables) }, by_alert);
    expect(memory.fleet?.begun).toHaveLength(1);
    expect(next(by_alert, seen(), memory, NOW)).toMatchObject({ do: "wait" });
  } finally {
    await stop();
  }
});
