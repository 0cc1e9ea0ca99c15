import type { DeliverParts } from "@omoios/domain/alerting/deliver";
import { fingerprint, identityLabels } from "@omoios/domain/alerting/identity";
import { alertingService } from "@omoios/domain/alerting/service";
import type { AlertSignal } from "@omoios/domain/alerting/signal";
import { Stale } from "@omoios/domain/commit";
import { toRfc3339 } from "@omoios/kernel/clock";
import { systemContext } from "@omoios/kernel/context";
import { systemRandom } from "@omoios/kernel/random";
import { beforeEach, describe, expect, it } from "vitest";
import { alertParts, alertWord, SLOW_GROUP } from "../harness/alert-parts.ts";
import { withTables } from "../harness/dynamodb.ts";

let now: number;
let parts: DeliverParts;
let alerting: ReturnType<typeof alertingService>;

beforeEach(async () => {
  const { tables, stop } = await withTables();
  now = Date.parse("2026-01-05T10:00:00Z");
  parts = alertParts(tables, () => now);
  alerting = alertingService(parts);
  return () => stop();
});

const context = () => systemContext("test", now, systemRandom);
const word = (n: number, status: AlertSignal["status"] = "firing") => alertWord(now, n, status);
const members = () => parts.store.all("alert_member", { group_id: SLOW_GROUP });
const group = () => parts.store.get("alert_group", { group_id: SLOW_GROUP });

describe("words about many alerts at once", () => {
  it("brings who joins while the group is told of others back to it", async () => {
    await alerting.hear(context(), [word(1)]);
    now += 30_000;
    const { commit } = parts;
    let looked = false;
    parts.commit = async (ctx, changes, options) => {
      if (!looked && changes.some(({ kind }) => kind === "alert_member")) {
        looked = true;
        await alertingService({ ...parts, commit }).groupIsDue(context(), SLOW_GROUP);
      }
      return commit(ctx, changes, options);
    };
    await alerting.hear(context(), [word(2)]);
    expect(looked).toBe(true);
    expect(await group()).toMatchObject({ sent: { desk: { n: 1, at: now } }, due_at: now + 300_000 });
    now += 300_000;
    await alerting.groupIsDue(context(), SLOW_GROUP);
    expect((await members()).map(({ told }) => told.desk?.status)).toEqual(["firing", "firing"]);
  });

  it("keeps what it can of a webhook when a write fails, wakes it, and keeps the rest when all is sent again", async () => {
    const all = Array.from({ length: 50 }, (_, n) => ({ ...word(n), alertname: `slow-${n}` }));
    const { commit } = parts;
    const woken: string[] = [];
    parts.timers = { set: async (messages) => void woken.push(...messages.map(({ id }) => id)) };
    const dead = fingerprint(identityLabels(all[0] ?? word(0)));
    parts.commit = async (ctx, changes, options) => {
      if (changes.some(({ kind, after }) => kind === "alert" && after?.fingerprint === dead))
        throw new Error("No room");
      return commit(ctx, changes, options);
    };
    await expect(alerting.hear(context(), all)).rejects.toThrow("No room");
    const kept = async () => (await alerting.list({ state: ["firing"], limit: 100 })).items.length;
    expect(await kept()).toBe(30);
    expect(new Set(woken).size).toBe(30);
    parts.commit = commit;
    await alerting.hear(context(), all);
    expect(await kept()).toBe(50);
    expect(new Set(woken).size).toBe(50);
  });

  it("writes ever fewer alerts at once while others are in the way, and says what could not be kept", async () => {
    const { commit } = parts;
    const tried: number[] = [];
    parts.commit = async (ctx, changes, options) => {
      const alerts = changes.filter(({ kind }) => kind === "alert").length;
      tried.push(alerts);
      if (alerts > 3) throw new Stale("alert");
      return commit(ctx, changes, options);
    };
    const body = (alertname: string) => ({
      version: "4" as const,
      alerts: Array.from({ length: 20 }, (_, n) => ({
        status: "firing" as const,
        labels: { alertname, host: `h${n}` },
        annotations: {},
      })),
    });
    expect(await alerting.ingest(context(), body("slow"))).toEqual({ heard: 20 });
    expect(tried.slice(0, 4)).toEqual([20, 10, 5, 3]);
    expect(await members()).toHaveLength(20);
    parts.commit = async () => {
      throw new Stale("alert");
    };
    const refused = await alerting.ingest(context(), body("slower")).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "plane.unavailable", extra: { retry_after_ms: 200 } });
  });

  it("tells once of what two webhooks say at once", async () => {
    const all = Array.from({ length: 60 }, (_, n) => word(n));
    await Promise.all([1, 2, 3].map((n) => alerting.hear(systemContext("test", now + n, systemRandom), all)));
    expect(await members()).toHaveLength(60);
    now += 31_000;
    await alerting.groupIsDue(context(), SLOW_GROUP);
    const box = await parts.store.get("alert_delivery", { delivery_id: `email.${SLOW_GROUP}.desk` });
    expect(box?.current.notification.alerts).toHaveLength(60);
    expect(await group()).toMatchObject({ sent: { desk: { n: 1 } }, due_at: now + 4 * 3_600_000 });
  });

  it("takes several words of one alert in their order", async () => {
    const first = word(1);
    now += 1_000;
    const second = word(1, "resolved");
    now += 1_000;
    await alerting.hear(context(), [first, second, word(1), word(2)]);
    const { items } = await alerting.list({ state: ["firing"], limit: 10 });
    const again = items.find(({ labels }) => labels.agent_id === "a1");
    expect(again?.fired_at).toBe(toRfc3339(now));
    expect(await alerting.show(again?.previous ?? "")).toMatchObject({ resolved_at: toRfc3339(second.at) });
  });
});
