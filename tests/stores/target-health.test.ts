import { commitTo } from "@omoios/adapters/dynamodb/commit";
import { pulseOn } from "@omoios/adapters/dynamodb/pulse";
import { storeOn } from "@omoios/adapters/dynamodb/store";
import { defaultLimits as limits } from "@omoios/contracts/default-limits";
import type { AlertRow } from "@omoios/domain/alerting/rows";
import { digest } from "@omoios/domain/digest";
import { event } from "@omoios/domain/event.fixture";
import { switchService } from "@omoios/domain/switches/service";
import { policyConfig } from "@omoios/domain/watchdog/policy-config";
import { watchdogService } from "@omoios/domain/watchdog/service";
import { systemContext } from "@omoios/kernel/context";
import { type AlertId, derivedId } from "@omoios/kernel/ids";
import { systemRandom } from "@omoios/kernel/random";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withTables } from "../harness/dynamodb.ts";
import { MINUTE, NOW } from "../harness/task-row.ts";

const ALERT = "long_queue";
const POLICY = policyConfig().parse({
  name: "scaled",
  triggers: [{ alert: ALERT }],
  actions: [{ type: "scale_out", verify_within: "10s" }],
  limits: { per_target: "100/1h", per_fleet: "100/1h", cooldown: "0s" },
});

let open: Awaited<ReturnType<typeof withTables>>;
beforeAll(async () => {
  open = await withTables();
});
afterAll(() => open.stop());

/** The watchdog over real tables, at times that the test names. What it asks of agents cannot be done. */
function watch(phase_id: string) {
  const { tables } = open;
  const time = { now: NOW };
  const clock = { now: () => time.now };
  const [store, commit] = [storeOn(tables, clock), commitTo(tables, limits.idempotency_hours)];
  const watchdog = watchdogService({
    store,
    commit,
    limits,
    pulse: pulseOn(tables),
    timers: { set: async () => undefined },
    beats: { load: async () => undefined, save: async () => undefined },
    alerting: { hear: async () => undefined },
    switches: switchService({ store, commit, clock, limits }),
    agents: {} as never,
    policies: [POLICY],
    known_phases: new Set([phase_id]),
  });
  const at = (minute: number) => {
    time.now = NOW + minute * MINUTE;
    return systemContext("test", time.now, systemRandom);
  };
  const labels = { alertname: ALERT, phase_id };
  const idOf = (name: string): AlertId => derivedId("alert", digest(phase_id, name));
  const tell = (type: string, minute: number, name: string) =>
    watchdog.hear(at(minute), event(type, { alert_id: idOf(name), rule_id: ALERT, severity: "error", labels }));
  const stand = async (minute: number, name: string, state: "firing" | "resolved") => {
    const alert_id = idOf(name);
    const fingerprint = `${phase_id}.${name}`;
    const severity = "error" as const;
    const alert: AlertRow = {
      ...{
        version: 0,
        fingerprint,
        alert_id,
        alertname: ALERT,
        labels,
        annotations: {},
        severity,
        worst: severity,
        state,
      },
      ...{ heard: { at: time.now, status: state }, routing: [], groups: [], deduplication_window_ms: 0 },
    };
    await commit(at(minute), [
      { kind: "alert", after: alert, overwrite: true },
      { kind: "alert_occurrence", after: { version: 0, alert_id, fingerprint }, overwrite: true },
    ]);
  };
  return {
    async fires(minute: number, name: string) {
      await stand(minute, name, "firing");
      await tell("monitor.alert.triggered", minute, name);
      const { items } = await watchdog.list({ limit: 1 });
      await watchdog.isDue(at(minute + 1), items[0]?.remediation_id ?? "");
    },
    async isOver(minute: number, name: string) {
      await stand(minute, name, "resolved");
      await tell("monitor.alert.resolved", minute, name);
    },
    toil: async () => (await store.get("remediation_line", { line: `phase:${phase_id}` }))?.toil,
  };
}

it("ten minutes of health begin the count of pauses anew, also where the remediation had given up before", async () => {
  const target = watch("PHASE_A");
  await target.fires(0, "first");
  expect(await target.toil()).toEqual({ times: 1, last_at: NOW });
  await target.isOver(5, "first");
  await target.isOver(9, "first");
  expect(await target.toil()).toMatchObject({ well_at: NOW + 5 * MINUTE });
  await target.fires(14, "second");
  expect(await target.toil()).toEqual({ times: 2, last_at: NOW + 14 * MINUTE });
  await target.isOver(20, "second");
  await target.fires(30, "third");
  expect(await target.toil()).toEqual({ times: 1, last_at: NOW + 30 * MINUTE });
});

it("time alone, or the end of another alert of the target, is no health", async () => {
  const target = watch("PHASE_B");
  await target.fires(0, "first");
  await target.isOver(5, "another");
  expect(await target.toil()).toEqual({ times: 1, last_at: NOW });
  await target.fires(600, "second");
  expect(await target.toil()).toMatchObject({ times: 2 });
});
