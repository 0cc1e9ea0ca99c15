import type { RouteReply } from "@omoios/contracts/routes";
import type { Agent } from "@omoios/sdk/agent";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configWith, MAIL_AT_ONCE } from "../harness/alert-receivers.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";
import { makeWork, refusalOf } from "../harness/work.ts";

const policy = (name: string, alert: string, rest: string) => `
policy:
  name: ${name}
  triggers: [{ alert: ${alert} }]
  ${rest}
`;
const POLICIES = {
  restart: policy(
    "restarting",
    "dead_agent",
    "actions: [{ type: requeue_tasks }, { type: restart, verify_within: 60s }]\n  limits: { per_fleet: 100/1h, cooldown: 0s }",
  ),
  hopeless: policy(
    "hopeless",
    "lost_agent",
    "actions: [{ type: restart, verify_within: 1s }, { type: failover, verify_within: 1s }]\n  limits: { per_fleet: 100/1h }",
  ),
  bounded: policy(
    "bounded",
    "many_agents",
    "actions: [{ type: quarantine }]\n  limits: { per_fleet: 1/1h, cooldown: 0s }",
  ),
  rehearsed: policy("rehearsed", "odd_agent", "dry_run: true\n  actions: [{ type: requeue_tasks }, { type: restart }]"),
  scaled: policy(
    "scaled",
    "long_queue",
    "actions: [{ type: scale_out, workers: 2, verify_within: 60s }]\n  authority: WATCHDOG",
  ),
};

let plane: TestPlane;
let config: ReturnType<typeof configWith>;

beforeAll(async () => {
  config = configWith(MAIL_AT_ONCE, POLICIES);
  plane = await startTestPlane({ restart_grace_seconds: 0 }, { config: config.dir });
});
afterAll(async () => {
  await plane.stop();
  config.remove();
});

const says = (status: "firing" | "resolved", alertname: string, labels: Record<string, string>) =>
  plane.operator.ingestAlertmanager({ body: { version: "4", alerts: [{ status, labels: { alertname, ...labels } }] } });

type Remediation = RouteReply<"listWatchdogActions">["items"][number];

const remediationsOf = async (target_id: string): Promise<Remediation[]> =>
  (await plane.operator.listWatchdogActions({ query: { target_id } })).items;

const untilEnded = (target_id: string, count = 1) =>
  until(`${count} remediations of ${target_id} ended`, async () => {
    const items = (await remediationsOf(target_id)).filter(({ status }) => status === "ended");
    return items.length >= count && items;
  });

const untilVerifying = (target_id: string) =>
  until(`a step for ${target_id} was taken`, async () => {
    const [item] = await remediationsOf(target_id);
    return item?.status === "verifying" && item;
  });

/** The watchdog's own events about a target, oldest first. */
const eventsAbout = async (target_id: string) => {
  const { items } = await plane.operator.listEvents({ query: { subject: "watchdog", limit: 100 } });
  return items.filter(({ data }) => (data.target as { id?: string } | undefined)?.id === target_id);
};

const statusOf = async ({ agent_id }: Agent) => (await plane.operator.getAgent({ params: { agent_id } })).status;

describe.concurrent("the watchdog", () => {
  test("restarts an agent for an alert that is told five times, once; its tasks are taken up, and it is done when the replacement beats", async () => {
    const work = await makeWork(plane);
    const agent = await work.agent();
    const { agent_id } = agent;
    await until("it has a task", async () => (await agent.claim({})).tasks.length > 0);
    await says("firing", "dead_agent", { agent_id });
    const [triggered] = await until("the alert is an event", async () => {
      const { items } = await plane.operator.listEvents({ query: { subject: "monitor", limit: 100 } });
      const its = items.filter(
        ({ data }) => (data.labels as Record<string, string> | undefined)?.agent_id === agent_id,
      );
      return its.length > 0 && its;
    });
    const { handler } = await import("../../functions/consumers/watchdog.ts");
    const body = JSON.stringify({ "detail-type": triggered?.type, detail: triggered });
    const again = { Records: Array.from({ length: 5 }, (_, n) => ({ messageId: String(n), body })) } as never;
    expect(await handler(again)).toEqual({ batchItemFailures: [] });

    const begun = await untilVerifying(agent_id);
    expect(begun).toMatchObject({
      policy: "restarting",
      alertname: "dead_agent",
      outcome: null,
      actions_left: ["restart"],
    });
    expect(begun.correlation_id).toBe(triggered?.correlation_id);
    expect(await statusOf(agent)).toBe("TERMINATED");
    const successor = await plane.agent({ replaces: agent_id as never, capabilities: [work.need] });
    const [done] = await untilEnded(agent_id);
    expect(done).toMatchObject({ outcome: "succeeded", why: "restart helped", attempts: 0 });
    expect(done?.steps.map(({ action, outcome }) => [action, outcome])).toEqual([
      ["requeue_tasks", "done"],
      ["restart", "done"],
    ]);
    expect(await remediationsOf(agent_id)).toHaveLength(1);
    const events = await until("its end is logged", async () => {
      const its = await eventsAbout(agent_id);
      return its.some(({ type }) => type === "watchdog.remediation.completed") && its;
    });
    expect(events.map(({ type, data }) => [type, data.outcome])).toEqual([
      ["watchdog.remediation.started", undefined],
      ["watchdog.action.completed", "done"],
      ["watchdog.action.completed", "done"],
      ["watchdog.remediation.completed", "succeeded"],
    ]);
    expect(new Set(events.map(({ correlation_id }) => correlation_id))).toEqual(new Set([triggered?.correlation_id]));
    expect(events[0]?.actor).toEqual({ kind: "system", id: "watchdog:restarting", authority: "MONITOR" });
    expect(await successor.claim({})).toMatchObject({ tasks: [{ attempt: 2 }] });
  });

  test("a restart that does not help leads to the next step, then to the guardian, and never round", async () => {
    const agent = await plane.agent();
    const { agent_id } = agent;
    await says("firing", "lost_agent", { agent_id });
    const [ended] = await untilEnded(agent_id);
    expect(ended).toMatchObject({ outcome: "escalated", attempts: 2, why: "not mended by restart, failover" });
    expect(ended?.steps.map(({ action, outcome }) => [action, outcome])).toEqual([
      ["restart", "not_verified"],
      ["failover", "not_verified"],
    ]);
    const events = await until("the guardian is told", async () => {
      const its = await eventsAbout(agent_id);
      return its.some(({ type }) => type === "watchdog.escalation") && its;
    });
    const escalations = events.filter(({ type }) => type === "watchdog.escalation");
    expect(escalations).toHaveLength(1);
    expect(escalations[0]?.data).toMatchObject({
      to: "guardian",
      policy: "hopeless",
      target: { kind: "agent", id: agent_id },
      agent_id,
      attempts: 2,
      alert_id: ended?.alert_id,
      alertname: "lost_agent",
    });
    const { items } = await plane.operator.listEvents({ query: { subject: agent_id, limit: 100 } });
    expect(items.filter(({ type }) => type === "agent.replacement_requested")).toHaveLength(2);
    expect(await remediationsOf(agent_id)).toHaveLength(1);
  });

  test("over its fleet limit it escalates once, and leaves the others alone", async () => {
    const agents = await Promise.all([plane.agent(), plane.agent(), plane.agent()]);
    const outcomes: unknown[] = [];
    for (const { agent_id } of agents) {
      await says("firing", "many_agents", { agent_id });
      const [ended] = await untilEnded(agent_id);
      outcomes.push([ended?.outcome, ended?.steps.map(({ action }) => action)]);
    }
    expect(outcomes).toEqual([
      ["succeeded", ["quarantine"]],
      ["escalated", []],
      ["escalated", []],
    ]);
    // What becomes of the second is the guardian's to say.
    expect([await statusOf(agents[0]), await statusOf(agents[2])]).toEqual(["QUARANTINED", "IDLE"]);
    const said = await until("the escalation is logged", async () => {
      const all = (await Promise.all(agents.map(({ agent_id }) => eventsAbout(agent_id)))).flat();
      const its = all.filter(({ type }) => type === "watchdog.escalation");
      return its.length > 0 && its;
    });
    expect(said.map(({ data }) => [data.agent_id, data.policy, data.limit])).toEqual([
      [agents[1].agent_id, "bounded", "fleet"],
    ]);
  });

  test("a dry run says what it would do, and does nothing", async () => {
    const agent = await plane.agent();
    await says("firing", "odd_agent", { agent_id: agent.agent_id });
    const [ended] = await untilEnded(agent.agent_id);
    expect(ended).toMatchObject({ outcome: "dry_run", started_at: null });
    expect(ended?.steps.map(({ action, outcome, why }) => [action, outcome, why])).toEqual([
      ["requeue_tasks", "skipped", "it holds no task"],
      ["restart", "dry_run", "would be done"],
    ]);
    expect(await statusOf(agent)).toBe("IDLE");
  });

  test("more workers are asked for, and it is done when one comes", async () => {
    const phase_id = "PHASE_TESTING";
    await says("firing", "long_queue", { phase_id });
    await untilVerifying(phase_id);
    const events = await until("it is asked for", async () => {
      const its = await eventsAbout(phase_id);
      return its.some(({ type }) => type === "watchdog.scale_out_requested") && its;
    });
    expect(events.find(({ type }) => type === "watchdog.scale_out_requested")?.data).toMatchObject({
      agent_type: "worker",
      phase_ids: [phase_id],
      workers: 2,
    });
    await plane.agent({ phase_ids: [phase_id] });
    expect((await untilEnded(phase_id))[0]).toMatchObject({ outcome: "succeeded" });
  });

  test("an alert that is over before anything was done needs nothing", async () => {
    const agent = await plane.agent();
    const { agent_id } = agent;
    await plane.operator.startWatchdogAction({
      body: { action: "restart", target: { kind: "agent", id: agent_id }, reason: "Keeps the target busy" },
    });
    await says("firing", "odd_agent", { agent_id });
    await says("firing", "many_agents", { agent_id });
    await says("resolved", "many_agents", { agent_id });
    const ended = await until("it was seen to need nothing", async () => {
      const items = await remediationsOf(agent_id);
      return items.find((item) => item.policy === "bounded" && item.status === "ended");
    });
    expect(ended).toMatchObject({ outcome: "not_needed", why: "the alert is over", steps: [] });
    const its = (await eventsAbout(agent_id)).filter(({ data }) => data.policy === "bounded");
    expect(its).toEqual([]);
  });
});

describe("by hand", () => {
  test("an action is done with the authority of whoever asks, and shown", async () => {
    const agent = await plane.agent();
    const target = { kind: "agent" as const, id: agent.agent_id };
    const body = { action: "quarantine" as const, target, reason: "It talks nonsense" };
    const made = await plane.operator.startWatchdogAction({ body });
    expect(made).toMatchObject({ policy: "by_hand", status: "ended", outcome: "succeeded", target });
    expect(made.steps).toMatchObject([{ action: "quarantine", outcome: "done" }]);
    expect(await statusOf(agent)).toBe("QUARANTINED");
    const params = { remediation_id: made.remediation_id };
    expect(await plane.operator.getWatchdogAction({ params })).toEqual(made);
    expect(await refusalOf(plane.operator.startWatchdogAction({ body }))).toMatchObject({
      code: "watchdog.action_refused",
    });
  });

  test("what is handed on by hand says who asks for it, and why", async () => {
    const agent = await plane.agent();
    const target = { kind: "agent" as const, id: agent.agent_id };
    const body = { action: "escalate" as const, target, reason: "It needs a person" };
    const made = await plane.operator.startWatchdogAction({ body });
    expect(made).toMatchObject({ outcome: "escalated", why: `${made.requested_by} asks for it: It needs a person` });
  });

  test("says what is wrong with what it is asked for", async () => {
    const agent = await plane.agent();
    const target = { kind: "agent" as const, id: agent.agent_id };
    const reason = "Tried by a test";
    const refused = async (body: Parameters<typeof plane.operator.startWatchdogAction>[0]["body"]) =>
      (await refusalOf(plane.operator.startWatchdogAction({ body }))).code;
    const nobody = { kind: "agent" as const, id: "agent_00000000-0000-4000-8000-000000000000" };
    expect(await refused({ action: "restart", target: nobody, reason })).toBe("agent.not_found");
    expect(await refused({ action: "restart", target: { kind: "phase", id: "P" }, reason })).toBe(
      "watchdog.action_refused",
    );
    expect(await refused({ action: "restart", target, reason, policy: "nothing" })).toBe("request.invalid");
    for (const nowhere of [
      { kind: "phase" as const, id: "PHASE_TESTNG" },
      { kind: "plane" as const, id: "whatever" },
    ]) {
      const action = nowhere.kind === "phase" ? ("scale_out" as const) : ("notify" as const);
      const wrong = await refusalOf(plane.operator.startWatchdogAction({ body: { action, target: nowhere, reason } }));
      expect(wrong).toMatchObject({ code: "request.invalid", errors: [{ path: "/target/id" }] });
    }
    await plane.operator.startWatchdogAction({ body: { action: "restart", target, reason } });
    expect(await refused({ action: "failover", target, reason })).toBe("watchdog.target_busy");
  });
});

test("policies and status are shown, with the beats of the sweep", async () => {
  const { items } = await plane.operator.listWatchdogPolicies();
  expect(items.map(({ name }) => name)).toEqual(["bounded", "hopeless", "rehearsed", "restarting", "scaled"]);
  expect(items[4]?.actions).toMatchObject([{ type: "scale_out", workers: 2, receivers: null }]);
  const status = await until("a sweep has left its beats", async () => {
    const now = await plane.operator.getWatchdogStatus();
    return now.beats.length > 0 && now;
  });
  expect(status.policies).toEqual({ enabled: 4, dry_run: 1, disabled: 0 });
  const parts = ["audit", "due", "heartbeats", "lanes", "monitor", "offers", "sweep"];
  expect(status.beats.map(({ part }) => part).sort()).toEqual(parts);
  expect(status.beats.every(({ late }) => !late)).toBe(true);
});
