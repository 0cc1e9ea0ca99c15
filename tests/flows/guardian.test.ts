import { randomUUID } from "node:crypto";
import { difference } from "@omoios/contracts/views/guardian";
import type { AgentId } from "@omoios/kernel/ids";
import type { Agent } from "@omoios/sdk/agent";
import type { CallRequest } from "@omoios/sdk/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { handler as hear } from "../../functions/consumers/intervene.ts";
import { configWithPolicies } from "../harness/guardian-policies.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";
import { claimNext, completed, heldTask, makeWork, refusalOf, untilTask } from "../harness/work.ts";

let plane: TestPlane;
let config: ReturnType<typeof configWithPolicies>;

beforeAll(async () => {
  config = configWithPolicies({
    late: `
policy:
  name: late
  triggers: [{ event: task.deadline_missed }]
  actions: [{ type: override_priority, priority: CRITICAL }]
  rollback: { after: 2s }
`,
    rescue: `
policy:
  name: rescue
  triggers: [{ alert: agent_lost, matchers: ['severity="critical"'] }, { event: watchdog.escalation }]
  actions: [{ type: quarantine, target: agent_id }]
`,
    crowded: `
policy:
  name: crowded
  triggers: [{ alert: crowd }]
  actions: [{ type: reallocate_capacity, target: phase_id, amount: 2 }]
  cooldown: 1h
`,
  });
  const restarts = { restarts_per_hour: 1, restart_cooldown_seconds: 0, restart_grace_seconds: 0 };
  plane = await startTestPlane({ guardian_actions_per_minute: 1_000, ...restarts }, { config: config.dir });
});
afterAll(async () => {
  await plane.stop();
  config.remove();
});

type Body = CallRequest<"intervene">["body"];
const reason = "The pager says so";
const intervene = (body: Omit<Body, "reason">) => plane.operator.intervene({ body: { ...body, reason } });
const revert = (action_id: string) =>
  plane.operator.revertIntervention({ params: { action_id }, body: { reason: "It was a false alarm" } });
const task = (task_id: string) => plane.operator.getTask({ params: { task_id } });
const agentOf = (agent_id: string) => plane.operator.getAgent({ params: { agent_id } });
const onTask = (id: string) => ({ kind: "task" as const, id });
const onAgent = (id: string) => ({ kind: "agent" as const, id });

/** What a revert was refused for: each field, what the action left there, and what stands there now. */
async function changesSince(action_id: string): Promise<[string, unknown, unknown][]> {
  const refusal = await refusalOf(revert(action_id));
  expect(refusal).toMatchObject({ status: 409, code: "guardian.changed_since" });
  return z
    .array(difference)
    .parse(refusal.extra.difference)
    .map((one) => [one.field, one.then, one.now]);
}
const fieldsChanged = async (action_id: string) => (await changesSince(action_id)).map(([field]) => field);

const actionsOn = async (target: string) => (await plane.operator.listInterventions({ query: { target } })).items;

describe("an action is told with what it changed, is reverted once, and not after a change", () => {
  test("a task is cancelled", async () => {
    const { task: held, params, agent } = await heldTask(plane);
    const done = await intervene({ action: "cancel_task", target: onTask(held.task_id) });
    expect(done).toMatchObject({
      status: "applied",
      reason,
      before: { status: "running", ended_at: null },
      after: { status: "cancelled" },
      by: { kind: "operator", authority: "SYSTEM" },
      policy: null,
      rollback_at: null,
    });
    expect(await task(held.task_id)).toMatchObject({ status: "cancelled", cancel_reason: reason });
    expect(await revert(done.action_id)).toMatchObject({
      status: "reverted",
      revert_reason: "It was a false alarm",
      reverted_by: { kind: "operator" },
    });
    expect(await task(held.task_id)).toMatchObject({ status: "ready", cancel_reason: null, retry_count: 0 });
    expect(await refusalOf(revert(done.action_id))).toMatchObject({ status: 409, code: "guardian.already_reverted" });
    const again = await claimNext(agent);
    expect(again.task_id).toBe(held.task_id);
    await agent.client.completeTask({ params, body: completed(again.fence) });
    const second = await refusalOf(intervene({ action: "cancel_task", target: onTask(held.task_id) }));
    expect(second).toMatchObject({ code: "task.terminal" });
  });

  test("a task that came back and was cancelled by others is another cancellation", async () => {
    const { task_ids } = await makeWork(plane);
    const params = { task_id: task_ids[0] ?? "" };
    const { action_id } = await intervene({ action: "cancel_task", target: onTask(params.task_id) });
    await plane.operator.retryTask({ params, body: { reason } });
    expect(await changesSince(action_id)).toEqual([
      ["ended_at", expect.any(String), null],
      ["status", "cancelled", "ready"],
    ]);
    await plane.operator.cancelTask({ params, body: { reason } });
    expect(await fieldsChanged(action_id)).toEqual(["ended_at"]);
  });

  test("a priority is overridden", async () => {
    const { task_ids } = await makeWork(plane, [{ priority: "LOW" }, { priority: "LOW" }]);
    const [first = "", second = ""] = task_ids;
    const parameters = { priority: "CRITICAL" as const };
    const done = await intervene({ action: "override_priority", target: onTask(first), parameters });
    expect(done).toMatchObject({ before: { priority: "LOW" }, after: { priority: "CRITICAL" }, parameters });
    expect(await task(first)).toMatchObject({ priority: "CRITICAL" });
    const same = await refusalOf(intervene({ action: "override_priority", target: onTask(first), parameters }));
    expect(same).toMatchObject({ status: 409, code: "guardian.nothing_to_change" });
    await revert(done.action_id);
    expect(await task(first)).toMatchObject({ priority: "LOW" });
    const other = await intervene({ action: "override_priority", target: onTask(second), parameters });
    await plane.operator.patchTask({ params: { task_id: second }, body: { priority: "HIGH" } });
    expect(await changesSince(other.action_id)).toEqual([["priority", "CRITICAL", "HIGH"]]);
    expect(await task(second)).toMatchObject({ priority: "HIGH" });
  });

  test("capacity moves between agents", async () => {
    const [giver, taker] = [await plane.agent({ capacity: 4 }), await plane.agent({ capacity: 1 })];
    const target = onAgent(giver.agent_id);
    const move = (amount: number) =>
      intervene({ action: "reallocate_capacity", target, parameters: { to_agent_id: taker.agent_id, amount } });
    expect(await refusalOf(move(4))).toMatchObject({ status: 409, code: "agent.capacity_refused" });
    const done = await move(3);
    expect(done).toMatchObject({
      before: { capacity: 4, to_capacity: 1 },
      after: { capacity: 1, to_capacity: 4 },
    });
    const capacities = async () => [(await agentOf(giver.agent_id)).capacity, (await agentOf(taker.agent_id)).capacity];
    expect(await capacities()).toEqual([1, 4]);
    await revert(done.action_id);
    expect(await capacities()).toEqual([4, 1]);
    const other = await move(1);
    await plane.operator.patchAgent({ params: { agent_id: taker.agent_id }, body: { capacity: 5 } });
    expect(await changesSince(other.action_id)).toEqual([["to_capacity", 2, 5]]);
    expect(await capacities()).toEqual([3, 5]);
  });

  test("an agent is put into quarantine, and released", async () => {
    const { agent, task: held } = await heldTask(plane);
    const target = onAgent(agent.agent_id);
    const done = await intervene({ action: "quarantine", target });
    expect(done).toMatchObject({ before: { status: "IDLE" }, after: { status: "QUARANTINED", why: reason } });
    await untilTask(plane.operator, held.task_id, "ready");
    await revert(done.action_id);
    expect(await agentOf(agent.agent_id)).toMatchObject({ status: "IDLE" });
    expect((await claimNext(agent)).task_id).toBe(held.task_id);

    const again = await intervene({ action: "quarantine", target });
    const released = await intervene({ action: "release", target });
    expect(released).toMatchObject({ before: { status: "QUARANTINED" }, after: { status: "IDLE", probe: true } });
    expect(await fieldsChanged(again.action_id)).toEqual(["probe", "status"]);
    await revert(released.action_id);
    expect(await agentOf(agent.agent_id)).toMatchObject({ status: "QUARANTINED" });
  });

  test("a lane is paused, and resumed", async () => {
    const { task_ids, agent: make } = await makeWork(plane);
    const params = { task_id: task_ids[0] ?? "" };
    const { lane } = await plane.operator.getTaskMatch({ params });
    const target = { kind: "lane" as const, id: lane };
    const agent = await make();
    const paused = await intervene({ action: "pause_lane", target });
    expect(paused).toMatchObject({ before: { paused: false, since: null }, after: { paused: true } });
    expect(await plane.operator.getTaskMatch({ params })).toMatchObject({ paused: true });
    for (let n = 0; n < 3; n++) expect((await agent.claim({})).tasks).toEqual([]);
    const twice = await refusalOf(intervene({ action: "pause_lane", target }));
    expect(twice).toMatchObject({ code: "guardian.nothing_to_change" });
    const resumed = await intervene({ action: "resume_lane", target });
    expect(await fieldsChanged(paused.action_id)).toEqual(["paused", "since"]);
    expect(await revert(resumed.action_id)).toMatchObject({ status: "reverted", before: paused.after });
    expect((await agent.claim({})).tasks).toEqual([]);
    expect(await revert(paused.action_id)).toMatchObject({ status: "reverted" });
    expect((await claimNext(agent)).task_id).toBe(params.task_id);
  });

  test("what is not there is not acted on", async () => {
    const nothing: [Body["action"], Body["target"], string][] = [
      ["cancel_task", onTask(`task_${"0".repeat(20)}`), "task.not_found"],
      ["quarantine", onAgent("agent_00000000-0000-4000-8000-000000000000"), "agent.not_found"],
      ["pause_lane", { kind: "lane", id: "0".repeat(16) }, "lane.not_found"],
    ];
    for (const [action, target, code] of nothing)
      expect(await refusalOf(intervene({ action, target }))).toMatchObject({ status: 404, code });
  });
});

test("actions are listed newest first, page by page, and filtered", async () => {
  const { task_ids } = await makeWork(plane, [{}, {}, {}]);
  for (const id of task_ids)
    await intervene({ action: "override_priority", target: onTask(id), parameters: { priority: "HIGH" } });
  const query = { action: "override_priority" as const, limit: 2 };
  const first = await plane.operator.listInterventions({ query });
  expect(first.items.map(({ target }) => target.id)).toEqual(task_ids.slice(1).reverse());
  const next = await plane.operator.listInterventions({ query: { ...query, cursor: first.next_cursor ?? "" } });
  expect(next.items[0]?.target.id).toBe(task_ids[0]);
  const [made] = first.items;
  const params = { action_id: made?.action_id ?? "" };
  expect(await plane.operator.getIntervention({ params })).toEqual(made);
  await revert(params.action_id);
  const reverted = await plane.operator.listInterventions({ query: { status: "reverted", target: task_ids[2] ?? "" } });
  expect(reverted.items.map(({ action_id }) => action_id)).toEqual([params.action_id]);
});

test("each action is published, and stands in the audit with its reason, before and after", async () => {
  const { task_ids } = await makeWork(plane);
  const target = onTask(task_ids[0] ?? "");
  const { action_id } = await intervene({ action: "cancel_task", target });
  await revert(action_id);
  const entries = await until("all three are in the audit", async () => {
    const { items } = await plane.operator.listAudit({ query: { subject: "guardian", limit: 100 } });
    const its = items.filter(({ after }) => after.action_id === action_id);
    return its.length === 3 && its;
  });
  expect(entries.map(({ what }) => what).sort()).toEqual([
    "guardian.intervention.completed",
    "guardian.intervention.reverted",
    "guardian.intervention.started",
  ]);
  const [reverted, done] = ["reverted", "completed"].map((word) => entries.find(({ what }) => what.endsWith(word)));
  expect(done).toMatchObject({
    reason,
    authority: "SYSTEM",
    after: { action: "cancel_task", target, before: { status: "ready" }, after: { status: "cancelled" } },
  });
  expect(reverted).toMatchObject({ reason: "It was a false alarm", before: { status: "applied" } });
});

test("two reverts at once: one restores, the other is told so", async () => {
  const { task_ids } = await makeWork(plane);
  const { action_id } = await intervene({ action: "cancel_task", target: onTask(task_ids[0] ?? "") });
  const answers = await Promise.allSettled([revert(action_id), revert(action_id), revert(action_id)]);
  expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const refusals = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason.code] : []));
  expect(refusals).toEqual(["guardian.already_reverted", "guardian.already_reverted"]);
});

describe("policies", () => {
  const escalation = (agent: Agent, n: number) => ({
    messageId: String(n),
    body: JSON.stringify({
      "detail-type": "watchdog.escalation",
      detail: {
        id: `escalation.${agent.agent_id}#1#0`,
        type: "watchdog.escalation",
        version: 1,
        time: new Date().toISOString(),
        source: "omoios",
        subject: { kind: "watchdog", id: "watchdog" },
        actor: { kind: "system", id: "watchdog", authority: "WATCHDOG" },
        correlation_id: "a test",
        causation_id: null,
        traceparent: null,
        data: { agent_id: agent.agent_id, to: "guardian", why: "nothing helped" },
      },
    }),
  });
  const hears = (...Records: ReturnType<typeof escalation>[]) => hear({ Records: Records as never });

  test("are shown as they are in force", async () => {
    const { items } = await plane.operator.listGuardianPolicies();
    expect(items.map(({ name }) => name)).toEqual(["crowded", "late", "rescue"]);
    expect(items[1]).toMatchObject({
      enabled: true,
      triggers: [{ event: "task.deadline_missed", alert: null, matchers: [] }],
      actions: [{ type: "override_priority", target: "task_id", priority: "CRITICAL", amount: null }],
      rollback_after_seconds: 2,
      cooldown_seconds: 300,
    });
  });

  test("heard five times, a trigger is acted on once", async () => {
    const agent = await plane.agent();
    const five = await hears(...Array.from({ length: 5 }, (_, n) => escalation(agent, n)));
    expect(five.batchItemFailures).toEqual([]);
    expect((await hears(escalation(agent, 6))).batchItemFailures).toEqual([]);
    const [action, ...others] = await actionsOn(agent.agent_id);
    expect(others).toEqual([]);
    expect(action).toMatchObject({
      action: "quarantine",
      policy: "rescue",
      cause: `escalation.${agent.agent_id}#1#0`,
      by: { kind: "system", id: "guardian.rescue", authority: "GUARDIAN" },
      rollback_at: null,
    });
    expect(await agentOf(agent.agent_id)).toMatchObject({ status: "QUARANTINED" });
    await revert(action?.action_id ?? "");
    // What somebody has taken back is not done again for the same cause.
    await hears(escalation(agent, 7));
    expect(await agentOf(agent.agent_id)).toMatchObject({ status: "IDLE" });
  });

  test("keep an agent from work whose line was restarted too often", async () => {
    const restart = ({ agent_id }: Agent) => plane.operator.restartAgent({ params: { agent_id }, body: { reason } });
    const first = await plane.agent();
    await restart(first);
    const second = await plane.agent({ replaces: first.agent_id as AgentId });
    expect(await refusalOf(restart(second))).toMatchObject({ code: "agent.restart_limit" });
    const [action] = await until("the guardian has heard of it", async () => {
      const found = await actionsOn(second.agent_id);
      return found.length > 0 && found;
    });
    expect(action).toMatchObject({ action: "quarantine", policy: "rescue", reason: /watchdog\.escalation/ });
  });

  const fires = (alertname: string, labels: Record<string, string>) =>
    plane.operator.ingestAlertmanager({
      body: { version: "4", alerts: [{ status: "firing", labels: { alertname, ...labels } }] },
    });

  test("act on an alert where its labels match", async () => {
    const [mild, severe] = [await plane.agent(), await plane.agent()];
    await fires("agent_lost", { agent_id: mild.agent_id, severity: "warning" });
    await fires("agent_lost", { agent_id: severe.agent_id, severity: "critical" });
    const [action] = await until("the policy acted", async () => {
      const found = await actionsOn(severe.agent_id);
      return found.length > 0 && found;
    });
    const { items } = await plane.operator.listAlerts({ query: { matcher: `agent_id="${severe.agent_id}"` } });
    expect(action).toMatchObject({ policy: "rescue", cause: items[0]?.alert_id, reason: /agent_lost/ });
    expect(await actionsOn(mild.agent_id)).toEqual([]);
  });

  test("move capacity to a phase once within their cooldown", async () => {
    const phase = { phase_ids: ["PHASE_TESTING"] };
    const idle = await plane.agent({ phase_ids: ["PHASE_DESIGN"], capacity: 40 });
    const busy = await plane.agent({ ...phase, capacity: 2 });
    await fires("crowd", { phase_id: "PHASE_TESTING", run: randomUUID() });
    await fires("crowd", { phase_id: "PHASE_TESTING", run: randomUUID() });
    await until("capacity has moved", async () => (await agentOf(busy.agent_id)).capacity === 4);
    expect(await agentOf(idle.agent_id)).toMatchObject({ capacity: 38 });
    // The second alert is behind the first in no order: one more event that is heard for certain.
    const last = await plane.agent();
    await fires("agent_lost", { agent_id: last.agent_id, severity: "critical" });
    await until("later alerts were heard", async () => (await actionsOn(last.agent_id)).length > 0);
    const moves = await plane.operator.listInterventions({ query: { policy: "crowded" } });
    expect(moves.items.map(({ parameters }) => parameters)).toEqual([{ to_agent_id: busy.agent_id, amount: 2 }]);
  });

  test("roll back by themselves after their time", async () => {
    const deadline_at = new Date(Date.now() + 1_000).toISOString();
    const { task_ids } = await makeWork(plane, [{ priority: "LOW", deadline_at }]);
    const [task_id = ""] = task_ids;
    const action = await until("the override was reverted", async () => {
      const [made] = await actionsOn(task_id);
      return made?.status === "reverted" && made;
    });
    // That it was in force before is told by the log: at a look it may be over.
    const done = await until("the override is in the log", async () => {
      const { items } = await plane.operator.listAudit({ query: { subject: "guardian", limit: 100 } });
      const of = items.filter(({ after }) => after.action_id === action.action_id);
      return of.find(({ what }) => what === "guardian.intervention.completed");
    });
    expect(done.after).toMatchObject({ before: { priority: "LOW" }, after: { priority: "CRITICAL" } });
    expect(action).toMatchObject({
      policy: "late",
      reverted_by: { kind: "system", id: "guardian.late", authority: "GUARDIAN" },
      revert_reason: "Its time is over",
      rollback_at: null,
      rollback_refused: null,
    });
    expect(await task(task_id)).toMatchObject({ priority: "LOW" });
  });
});
