import { type DeliverParts, deliver, type Sender, type Sent } from "@omoios/domain/alerting/deliver";
import type { Payload } from "@omoios/domain/alerting/receivers/payload";
import { alertingService } from "@omoios/domain/alerting/service";
import type { AlertSignal } from "@omoios/domain/alerting/signal";
import { systemContext } from "@omoios/kernel/context";
import { systemRandom } from "@omoios/kernel/random";
import { beforeEach, describe, expect, it } from "vitest";
import { alertParts, alertWord, SLOW_GROUP } from "../harness/alert-parts.ts";
import { withTables } from "../harness/dynamodb.ts";

const START = Date.parse("2026-01-05T10:00:00Z");
const GROUP = SLOW_GROUP;
const BOX = `email.${GROUP}.desk`;

let now: number;
let parts: DeliverParts;
let alerting: ReturnType<typeof alertingService>;
/** What was sent, and what the next tries meet. */
let sent: Payload[];
let outcomes: Sent[];

beforeEach(async () => {
  const { tables, stop } = await withTables();
  now = START;
  [sent, outcomes] = [[], []];
  parts = alertParts(tables, () => now);
  alerting = alertingService(parts);
  return () => stop();
});

const context = () => systemContext("test", now, systemRandom);

const word = (n: number, status: AlertSignal["status"] = "firing") => alertWord(now, n, status);

const sender: Sender = {
  secrets: async () => new Map(),
  dead: async () => undefined,
  async send(payload) {
    sent.push(payload);
    return outcomes.shift() ?? { status: 200 };
  },
};

const failed = (receiver: string) =>
  parts.slots.judged(receiver, { at: now, delivered: false, well: false, detail: "answered 503" }, now);
const box = () => parts.store.get("alert_delivery", { delivery_id: BOX });
const members = () => parts.store.all("alert_member", { group_id: GROUP });
const group = () => parts.store.get("alert_group", { group_id: GROUP });
const firing = async () =>
  (await box())?.current.notification.alerts.filter(({ status }) => status === "firing").length;

describe("alerting over tables", () => {
  it("tells of more alerts than a transaction holds in one notification, and of all of them", async () => {
    await alerting.hear(
      context(),
      Array.from({ length: 120 }, (_, n) => word(n)),
    );
    expect(await members()).toHaveLength(120);
    now += 30_000;
    await alerting.groupIsDue(context(), GROUP);
    expect((await box())?.current.notification).toMatchObject({ status: "firing", truncatedAlerts: 20 });
    expect((await members()).every(({ told }) => told.desk?.status === "firing")).toBe(true);
    expect(await group()).toMatchObject({ sent: { desk: { n: 1, at: now } }, due_at: now + 4 * 3_600_000 });
    expect((await group())?.look).toBeUndefined();
  });

  it("takes up a look that died before its members were written, and makes no second notification", async () => {
    await alerting.hear(
      context(),
      Array.from({ length: 120 }, (_, n) => word(n)),
    );
    now += 30_000;
    const { commit } = parts;
    let writes = 0;
    parts.commit = async (...given) => {
      writes += 1;
      if (writes > 2) throw new Error("The process died");
      return commit(...given);
    };
    await expect(alerting.groupIsDue(context(), GROUP)).rejects.toThrow("died");
    expect((await group())?.look).toEqual({ at: now, sent: {} });
    const made = (await box())?.current.notification_id;
    parts.commit = commit;
    now += 30_000;
    await alerting.groupIsDue(context(), GROUP);
    expect((await members()).every(({ told }) => told.desk?.status === "firing")).toBe(true);
    expect(await group()).toMatchObject({ sent: { desk: { n: 1 } } });
    expect([(await box())?.current.notification_id, (await group())?.look]).toEqual([made, undefined]);
  });

  it("makes one notification of twenty looks at once, with words that come beside them", async () => {
    await alerting.hear(context(), [word(1)]);
    now += 30_000;
    const looks = Array.from({ length: 20 }, () => alerting.groupIsDue(context(), GROUP).catch(() => undefined));
    await Promise.all([...looks, alerting.hear(context(), [word(1), word(2)])]);
    expect(await group()).toMatchObject({ sent: { desk: { n: 1 } } });
    now += 300_000;
    await alerting.groupIsDue(context(), GROUP);
    expect((await members()).every(({ told }) => told.desk?.status === "firing")).toBe(true);
  });

  it("sends the state after an outage once, and nothing of what began and ended within it", async () => {
    await alerting.hear(context(), [word(1), word(2)]);
    now += 30_000;
    await alerting.groupIsDue(context(), GROUP);
    outcomes.push({ status: 503 });
    await deliver(parts, sender, context(), BOX);
    now += 300_000;
    await alerting.hear(context(), [word(2, "resolved"), word(3)]);
    await alerting.groupIsDue(context(), GROUP);
    expect(await firing()).toBe(2);
    await deliver(parts, sender, context(), BOX);
    expect(sent).toHaveLength(2);
    expect(await box()).toBeUndefined();
    await deliver(parts, sender, context(), BOX);
    expect(sent).toHaveLength(2);
  });

  it("sends nothing of what began and ended before the group may be told of it, neither begin nor end", async () => {
    await alerting.hear(context(), [word(1)]);
    now += 30_000;
    await alerting.groupIsDue(context(), GROUP);
    outcomes.push({ status: 503 });
    await deliver(parts, sender, context(), BOX);
    now += 23_000;
    await alerting.hear(context(), [word(1, "resolved")]);
    await deliver(parts, sender, context(), BOX);
    expect([sent.length, await box()]).toEqual([1, undefined]);
    const [alert] = (await alerting.list({ state: ["resolved"], limit: 1 })).items;
    const { log } = await alerting.show(alert?.alert_id ?? "");
    const { items } = await alerting.deliveries(alert?.alert_id ?? "", { limit: 100 });
    expect(log.map(({ decision }) => decision)).not.toContain("sent");
    expect(items.map(({ tries }) => tries.map(({ outcome }) => outcome))).toEqual([["retried", "superseded"]]);
    now = (await group())?.due_at ?? 0;
    await alerting.groupIsDue(context(), GROUP);
    expect([await box(), await members(), (await group())?.open]).toEqual([undefined, [], false]);
    await alerting.hear(context(), [word(1)]);
    now = (await group())?.due_at ?? 0;
    await alerting.groupIsDue(context(), GROUP);
    expect(await firing()).toBe(1);
  });

  it("tells of what ended in an outage once that it is over, if its begin was told", async () => {
    await alerting.hear(context(), [word(1)]);
    now += 30_000;
    await alerting.groupIsDue(context(), GROUP);
    await deliver(parts, sender, context(), BOX);
    now += 300_000;
    await alerting.hear(context(), [word(2), word(3)]);
    await alerting.groupIsDue(context(), GROUP);
    outcomes.push({ status: 503 });
    await deliver(parts, sender, context(), BOX);
    const { notification_id } = (await box())?.current ?? {};
    now += 23_000;
    await alerting.hear(context(), [word(1, "resolved"), word(2, "resolved")]);
    outcomes.push({ status: 503 });
    await deliver(parts, sender, context(), BOX);
    const left = (await box())?.current;
    expect(left?.notification.alerts.map(({ status, labels }) => `${labels.agent_id} ${status}`).sort()).toEqual([
      "a1 resolved",
      "a3 firing",
    ]);
    expect(left?.notification_id).not.toBe(notification_id);
    now = (await box())?.due_at ?? 0;
    await deliver(parts, sender, context(), BOX);
    expect([sent.length, await box()]).toEqual([4, undefined]);
    now += 300_000;
    await alerting.groupIsDue(context(), GROUP);
    expect(await box()).toBeUndefined();
  });

  it("sets right a notification of more ends than a transaction holds", async () => {
    await alerting.hear(
      context(),
      Array.from({ length: 100 }, (_, n) => word(n)),
    );
    now += 30_000;
    await alerting.groupIsDue(context(), GROUP);
    outcomes.push({ status: 503 });
    await deliver(parts, sender, context(), BOX);
    now += 23_000;
    await alerting.hear(
      context(),
      Array.from({ length: 100 }, (_, n) => word(n, "resolved")),
    );
    await deliver(parts, sender, context(), BOX);
    expect([sent.length, await box()]).toEqual([1, undefined]);
    expect((await members()).every(({ told }) => told.desk === undefined)).toBe(true);
  });

  it("goes on trying through ten minutes of 503, less and less often, and then tells how things stand once", async () => {
    await alerting.hear(context(), [word(1), word(2)]);
    now += 30_000;
    await alerting.groupIsDue(context(), GROUP);
    const until = now + 600_000;
    const pauses: number[] = [];
    for (let due = (await box())?.due_at ?? 0; due < until; due = (await box())?.due_at ?? 0) {
      now = Math.max(now, due);
      outcomes.push({ status: 503 });
      const before = now;
      await deliver(parts, sender, context(), BOX);
      pauses.push(Math.round((((await box())?.due_at ?? 0) - before) / 1_100));
    }
    expect(pauses).toHaveLength(8);
    expect([...pauses].sort((a, b) => a - b)).toEqual(pauses);
    await alerting.hear(context(), [word(2, "resolved")]);
    await alerting.groupIsDue(context(), GROUP);
    now = (await box())?.due_at ?? 0;
    await deliver(parts, sender, context(), BOX);
    expect([sent.length, await box()]).toEqual([9, undefined]);
    const [goes_on] = (await alerting.list({ state: ["firing"], limit: 1 })).items;
    const { items } = await alerting.deliveries(goes_on?.alert_id ?? "", { limit: 100 });
    const ends = items.map(({ tries }) => tries.at(-1));
    expect(ends).toMatchObject([
      { outcome: "superseded", detail: `things have changed: ${items[1]?.notification_id} is sent in its place` },
      { outcome: "delivered" },
    ]);
    expect((await parts.slots.load("desk")).failures).toBe(0);
  });

  it("keeps what comes while a try is under way, and sends it behind that", async () => {
    await alerting.hear(context(), [word(1)]);
    now += 30_000;
    await alerting.groupIsDue(context(), GROUP);
    const slow: Sender = {
      ...sender,
      async send(payload) {
        now += 300_000;
        await alerting.hear(context(), [word(1, "resolved")]);
        await alerting.groupIsDue(context(), GROUP);
        return sender.send(payload);
      },
    };
    await deliver(parts, slow, context(), BOX);
    expect((await box())?.current.notification.status).toBe("resolved");
    await deliver(parts, sender, context(), BOX);
    expect(sent).toHaveLength(2);
    expect(await box()).toBeUndefined();
  });

  it("has so many tries under way to a receiver, one to a failing one, and those of a process that died end", async () => {
    await alerting.hear(context(), [word(1)]);
    now += 30_000;
    await alerting.groupIsDue(context(), GROUP);
    const lease = { since: now - 5_000, until: now + 25_000 };
    const taken = await Promise.all([0, 1].map((n) => parts.slots.take("desk", { n, ...lease }, `dead ${n}`, now)));
    expect(taken).toEqual([true, true]);
    await deliver(parts, sender, context(), BOX);
    expect(sent).toEqual([]);
    const later = (await box())?.due_at ?? 0;
    expect(later).toBeGreaterThan(now);
    await parts.slots.free("desk", 1, "dead 1");
    now = later;
    for (let failures = 0; failures < 3; failures++) await failed("desk");
    await deliver(parts, sender, context(), BOX);
    expect(sent).toEqual([]);
    // Both are over by then: the lease, and the pause of what found no slot.
    now += 60_000;
    await deliver(parts, sender, context(), BOX);
    expect([sent.length, await box()]).toEqual([1, undefined]);
    expect(await parts.slots.load("desk")).toEqual({ slots: [], failures: 0 });
  });

  it("keeps an older occurrence under its own id", async () => {
    await alerting.hear(context(), [word(1)]);
    const [first] = (await alerting.list({ state: ["firing"], limit: 10 })).items;
    now += 1_000;
    await alerting.hear(context(), [word(1, "resolved")]);
    now += 1_000;
    await alerting.hear(context(), [word(1)]);
    const [second] = (await alerting.list({ state: ["firing"], limit: 10 })).items;
    expect(second).toMatchObject({ previous: first?.alert_id, state: "firing" });
    expect(await alerting.show(first?.alert_id ?? "")).toMatchObject({ state: "resolved", alert_id: first?.alert_id });
    const over = await alerting.list({ state: ["resolved"], limit: 10 });
    expect(over.items.map(({ alert_id }) => alert_id)).toEqual([first?.alert_id]);
  });

  it("makes no alert of an end without a begin, nor of that begin when it comes late", async () => {
    const begin = word(1);
    now += 1_000;
    await alerting.hear(context(), [word(1, "resolved")]);
    await alerting.hear(context(), [begin]);
    const all = () => alerting.list({ state: ["pending", "firing", "acknowledged", "resolved"], limit: 10 });
    expect((await all()).items).toEqual([]);
    now += 1_000;
    await alerting.hear(context(), [word(1)]);
    expect((await all()).items).toMatchObject([{ state: "firing", previous: null }]);
  });
});
