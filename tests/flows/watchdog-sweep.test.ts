import { afterAll, beforeAll, expect, test } from "vitest";
import { type ChangingPlane, startChangingPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";

const SWEEP = { sweep_late_seconds: 2 };
const BEATS = { heartbeat_idle_seconds: 1, heartbeat_tolerance_seconds: 1, heartbeat_judged_every_seconds: 1 };

let changing: ChangingPlane;
let plane: TestPlane;
beforeAll(async () => {
  changing = await startChangingPlane({ ...SWEEP, ...BEATS }, { sweepless: true, restarting: true });
  plane = changing.plane;
});
afterAll(() => changing.stop());

/** Of another instance than the plane's own, which does not sweep here. */
const sweep = async () => (await import("../../functions/schedules/sweep.ts")).handler();

const alertOf = async (matcher: string, state = "firing,acknowledged,resolved") =>
  (await plane.operator.listAlerts({ query: { matcher, state } })).items[0];

test("an agent falls silent: the ladder fails it, the shipped policy restarts it, and its replacement ends that", async () => {
  const { agent_id } = await plane.agent();
  const remediation = async () =>
    (await plane.operator.listWatchdogActions({ query: { target_id: agent_id, policy: "worker_restart" } })).items.find(
      ({ started_at }) => started_at !== null,
    );
  await until("it was restarted", async () => {
    await sweep();
    return (await remediation())?.status === "verifying";
  });
  expect(await alertOf('alertname="watchdog_remediation_started"')).toMatchObject({
    state: "firing",
    labels: { policy: "worker_restart", agent_id },
  });
  // Its replacement says no more than it did, and is to live.
  await changing.change(SWEEP);
  plane = changing.plane;
  await plane.agent({ replaces: agent_id as never });
  const ended = await until("its remediation ended", async () => {
    const made = await remediation();
    return made?.status === "ended" && made;
  });
  expect([ended.outcome, ended.why, ended.attempts]).toEqual(["succeeded", "restart helped", 0]);
  const done = await until("its steps are a figure", async () => {
    await sweep();
    const { items } = await plane.operator.listSeries({ query: { metric_name: "watchdog.actions" } });
    return items.find(({ labels }) => labels.policy === "worker_restart" && labels.outcome === "done");
  });
  expect(done.value).toBeGreaterThanOrEqual(1);
  await until(
    "the alert of it is over",
    async () => (await alertOf('alertname="watchdog_remediation_started"'))?.state === "resolved",
  );
});

test("a sweep that stands still is told of by a message that it left behind, and again when it runs", async () => {
  await sweep();
  await until("it is late", async () => {
    const { beats } = await plane.operator.getWatchdogStatus();
    return beats.find(({ part }) => part === "sweep")?.late;
  });
  const late = await until("somebody is told", async () => {
    const { items } = await plane.operator.listAlerts({ query: { alertname: "sweep_late", state: "firing" } });
    return items.find(({ labels }) => labels.part === "sweep");
  });
  expect(late).toMatchObject({ severity: "critical" });
  // By the time of a look the next sweep may be late, too, which is another alert.
  await until("it is over", async () => {
    await sweep();
    return (await plane.operator.getAlert({ params: { alert_id: late.alert_id } })).state === "resolved";
  });
});
