import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@omoios/sdk/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configWith, MAIL_AT_ONCE } from "../harness/alert-receivers.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";
import { refusalOf } from "../harness/work.ts";

const policy = (name: string, rest: string) => `
policy:
  name: ${name}
  triggers: [{ alert: ${name}_alert }]
  ${rest}
`;
const POLICIES = {
  ladder: policy(
    "ladder",
    "actions: [{ type: restart, verify_within: 5m }, { type: failover }]\n  limits: { per_fleet: 100/1h, cooldown: 0s }",
  ),
  isolating: policy("isolating", "actions: [{ type: quarantine }]\n  limits: { per_fleet: 100/1h, cooldown: 0s }"),
  written_off: policy("written_off", "enabled: false\n  actions: [{ type: quarantine }]"),
};
const CAPTURING = `
policy:
  name: capturing
  triggers: [{ alert: capturing_alert }]
  actions: [{ type: quarantine }]
  cooldown: 0s
`;
const LIMITS = { restart_grace_seconds: 0, pause_cache_ms: 100 };
const reason = "It makes things worse";

let plane: TestPlane;
let config: ReturnType<typeof configWith>;
const data_dir = mkdtempSync(join(tmpdir(), "omoi-switches-"));

const start = () => startTestPlane(LIMITS, { config: config.dir, data_dir });

beforeAll(async () => {
  config = configWith(MAIL_AT_ONCE, POLICIES);
  writeFileSync(join(config.dir, "guardian_policies", "capturing.yaml"), CAPTURING);
  plane = await start();
});
afterAll(async () => {
  await plane.stop();
  config.remove();
  rmSync(data_dir, { recursive: true });
});

const fires = (alertname: string, agent_id: string) =>
  plane.operator.ingestAlertmanager({
    body: { version: "4", alerts: [{ status: "firing", labels: { alertname, agent_id } }] },
  });

const remediationOf = async (target_id: string) =>
  (await plane.operator.listWatchdogActions({ query: { target_id } })).items[0];
const untilIts = (target_id: string, status: "verifying" | "ended") =>
  until(`what is done for ${target_id} is ${status}`, async () => {
    const row = await remediationOf(target_id);
    return row?.status === status && row;
  });
const statusOf = async (agent_id: string) => (await plane.operator.getAgent({ params: { agent_id } })).status;

const clientOf = async (authority: "WATCHDOG" | "MONITOR") => {
  const body = { name: authority, scopes: ["alerts:write", "guardian:act"] as const, authority };
  const { api_key } = await plane.operator.createApiKey({ body: { ...body, scopes: [...body.scopes] } });
  return createClient({ url: plane.url, api_key });
};

/** Who asks for everything here. */
const operatorName = async () => (await plane.operator.whoami()).principal;

test("a remediation under way is stopped: its next step is not taken, and whoever heard of its begin hears of its end", async () => {
  const { agent_id } = await plane.agent();
  await fires("ladder_alert", agent_id);
  const { remediation_id, correlation_id } = await untilIts(agent_id, "verifying");
  const params = { remediation_id };
  const low = await clientOf("WATCHDOG");
  expect(await refusalOf(low.stopWatchdogAction({ params, body: { reason } }))).toMatchObject({
    code: "auth.authority_too_low",
  });
  const by = await operatorName();
  const stopped = await plane.operator.stopWatchdogAction({ params, body: { reason } });
  expect(stopped).toMatchObject({
    status: "ended",
    outcome: "stopped",
    why: `${by} stopped it: ${reason}`,
    actions_left: [],
    steps: [{ action: "restart", outcome: "stopped" }],
    due_at: null,
  });
  const again = await refusalOf(plane.operator.stopWatchdogAction({ params, body: { reason } }));
  expect(again).toMatchObject({ status: 409, code: "remediation.ended" });
  const [told] = await until("its end is told", async () => {
    const query = { subject: "watchdog", type: "watchdog.remediation.completed", limit: 100 };
    const { items } = await plane.operator.listEvents({ query });
    const its = items.filter(({ data }) => data.remediation_id === remediation_id);
    return its.length > 0 && its;
  });
  expect(told).toMatchObject({ actor: { kind: "operator", id: by }, correlation_id, data: { outcome: "stopped" } });
  const audit = await plane.operator.listAudit({ query: { what: "watchdog.remediation.completed", who: by } });
  expect(audit.items).toHaveLength(1);
  await until("its alert is over", async () => {
    const { items } = await plane.operator.listAlerts({ query: { matcher: `agent_id="${agent_id}"`, limit: 100 } });
    return !items.some(({ alertname }) => alertname === "watchdog_remediation_started");
  });
  // The line is free again, and the step that was not taken can be taken by hand.
  const target = { kind: "agent" as const, id: agent_id };
  const failover = await plane.operator.startWatchdogAction({ body: { action: "failover", target, reason } });
  expect(failover).toMatchObject({ status: "verifying" });
  const query = { subject: agent_id, limit: 100 };
  const asked = (await plane.operator.listEvents({ query })).items.filter(
    ({ type, correlation_id: of }) => type === "agent.replacement_requested" && of === correlation_id,
  );
  expect(asked).toHaveLength(1);
});

test("a policy that is switched off does nothing, says what it did not do, and stops what it had begun", async () => {
  const [busy, late] = [await plane.agent(), await plane.agent()];
  await fires("ladder_alert", busy.agent_id);
  await untilIts(busy.agent_id, "verifying");
  const params = { policy: "ladder" };
  const low = await clientOf("MONITOR");
  expect(await refusalOf(low.disableWatchdogPolicy({ params, body: { reason } }))).toMatchObject({
    code: "auth.authority_too_low",
  });
  const by = await operatorName();
  const off = await plane.operator.disableWatchdogPolicy({ params, body: { reason } });
  expect(off).toMatchObject({ name: "ladder", enabled: false, switched_off: { by, reason } });
  expect(await untilIts(busy.agent_id, "ended")).toMatchObject({
    outcome: "stopped",
    why: `not acted: ${by} switched it off: ${reason}`,
    steps: [{ action: "restart", outcome: "stopped" }],
  });
  await until("other processes know", async () => {
    const { agent_id } = await plane.agent();
    await fires("ladder_alert", agent_id);
    return (await untilIts(agent_id, "ended")).outcome === "disabled";
  });
  await fires("ladder_alert", late.agent_id);
  expect(await untilIts(late.agent_id, "ended")).toMatchObject({ policy: "ladder", outcome: "disabled", steps: [] });
  expect(await statusOf(late.agent_id)).toBe("IDLE");
  const listed = await plane.operator.listWatchdogActions({ query: { outcome: "disabled", policy: "ladder" } });
  expect(listed.items.map(({ target }) => target.id)).toContain(late.agent_id);
  // No other policy is.
  const other = await plane.agent();
  await fires("isolating_alert", other.agent_id);
  expect(await untilIts(other.agent_id, "ended")).toMatchObject({ outcome: "succeeded" });
  const status = await plane.operator.getWatchdogStatus();
  expect(status).toMatchObject({
    policies: { enabled: 1, disabled: 2 },
    switched_off: { paused: null, policies: [{ policy: "ladder", by, reason, since: off.switched_off?.since }] },
  });

  // Another reason leaves the moment as it is; a repeated request says the same.
  const key = { idempotency_key: `switch-${late.agent_id}` };
  const told = { params, body: { reason: "Still" } };
  const second = await plane.operator.disableWatchdogPolicy(told, key);
  expect(second.switched_off).toEqual({ by, reason: "Still", since: off.switched_off?.since });
  expect(await plane.operator.disableWatchdogPolicy(told, key)).toEqual(second);

  expect(await plane.operator.enableWatchdogPolicy({ params, body: { reason: "Mended" } })).toMatchObject({
    enabled: true,
    switched_off: null,
  });
  await until("other processes know", async () => {
    const { agent_id } = await plane.agent();
    await fires("ladder_alert", agent_id);
    const row = await until("it is acted on, or not", async () => {
      const found = await remediationOf(agent_id);
      return (found?.status === "verifying" || found?.status === "ended") && found;
    });
    return row.status === "verifying";
  });
  const { items } = await plane.operator.listAudit({ query: { subject: "watchdog", who: by } });
  const switches = items.filter(({ what }) => what.startsWith("watchdog.switched"));
  expect(switches.map(({ what, after }) => [what, after.policy, after.reason])).toEqual([
    ["watchdog.switched_on", "ladder", "Mended"],
    ["watchdog.switched_off", "ladder", "Still"],
    ["watchdog.switched_off", "ladder", reason],
  ]);
});

test("what a file disables no switch enables, and what is no policy cannot be switched", async () => {
  const refused = async (of: string) =>
    (await refusalOf(plane.operator.enableWatchdogPolicy({ params: { policy: of }, body: { reason } }))).code;
  expect(await refused("written_off")).toBe("policy.disabled_in_file");
  expect(await refused("laddr")).toBe("policy.not_found");
});

test("a paused watchdog does nothing by itself, also after a restart, and what people ask for", async () => {
  await plane.operator.pauseWatchdog({ body: { reason } });
  await plane.stop();
  plane = await start();
  const by = await operatorName();
  const { items } = await plane.operator.listWatchdogPolicies();
  expect(items.map(({ enabled }) => enabled)).toEqual([false, false, false]);
  expect(items[0]?.switched_off).toMatchObject({ by, reason });
  const [one, two] = [await plane.agent(), await plane.agent()];
  await fires("isolating_alert", one.agent_id);
  expect(await untilIts(one.agent_id, "ended")).toMatchObject({ outcome: "disabled" });
  expect(await statusOf(one.agent_id)).toBe("IDLE");
  const target = { kind: "agent" as const, id: two.agent_id };
  const made = await plane.operator.startWatchdogAction({ body: { action: "quarantine", target, reason } });
  expect(made).toMatchObject({ outcome: "succeeded" });
  const on = await plane.operator.resumeWatchdog({ body: { reason: "Seen to" } });
  expect(on).toEqual({ paused: null, policies: [] });
  expect((await plane.operator.getWatchdogStatus()).policies).toMatchObject({ enabled: 2, disabled: 1 });
});

test("a policy of the guardian that is switched off is refused what it would do, and nobody is called for it", async () => {
  const by = await operatorName();
  const params = { policy: "capturing" };
  const off = await plane.operator.disableGuardianPolicy({ params, body: { reason } });
  expect(off).toMatchObject({ enabled: false, switched_off: { by, reason } });
  await until("other processes know", async () => {
    const { agent_id } = await plane.agent();
    await fires("capturing_alert", agent_id);
    const row = await until("the guardian has heard of it", async () => {
      const [found] = (await plane.operator.listInterventions({ query: { target: agent_id } })).items;
      return found;
    });
    const refused = { code: "policy.switched_off", why: `Not acted: ${by} switched it off: ${reason}` };
    if (row.status === "refused") expect(row).toMatchObject({ policy: "capturing", refused });
    return row.status === "refused" && (await statusOf(agent_id)) === "IDLE";
  });
  const alerts = await plane.operator.listAlerts({ query: { matcher: 'policy="capturing"' } });
  expect(alerts.items).toEqual([]);
  // All of them, and this one by itself still: whoever ends the pause ends no more than that.
  await plane.operator.pauseGuardian({ body: { reason: "All" } });
  const shown = (await plane.operator.listGuardianPolicies()).items;
  expect(shown.map(({ enabled }) => enabled)).toEqual(shown.map(() => false));
  expect(shown.find(({ name }) => name === "capturing")?.switched_off?.reason).toBe("All");
  const after = await plane.operator.resumeGuardian({ body: { reason: "Over" } });
  expect(after).toMatchObject({ paused: null, policies: [{ policy: "capturing", by, reason }] });
  expect(await plane.operator.enableGuardianPolicy({ params, body: { reason: "Over" } })).toMatchObject({
    enabled: true,
    switched_off: null,
  });
});
