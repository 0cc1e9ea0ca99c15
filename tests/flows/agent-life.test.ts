import { toRfc3339 } from "@omoios/kernel/clock";
import type { Agent } from "@omoios/sdk/agent";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handler as sweep } from "../../functions/schedules/sweep.ts";
import { type ChangingPlane, startChangingPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";
import { claimNext, completed, heldTask, refusalOf, untilTask } from "../harness/work.ts";

let changing: ChangingPlane;
let plane: TestPlane;
beforeAll(async () => {
  changing = await startChangingPlane({ restart_grace_seconds: 1 });
  plane = changing.plane;
});
afterAll(() => changing.stop());

/** From here on a beat is expected each second. */
async function expectBeats(): Promise<void> {
  await changing.change({
    heartbeat_idle_seconds: 1,
    heartbeat_running_seconds: 1,
    heartbeat_tolerance_seconds: 1,
    heartbeat_judged_every_seconds: 1,
  });
  plane = changing.plane;
}

const read = (agent: Agent) => plane.operator.getAgent({ params: { agent_id: agent.agent_id } });
const untilStatus = (agent: Agent, status: string) =>
  until(`${agent.agent_id} was ${status}`, async () => {
    // The sweep's minute is not waited for: what it sends itself from here on is.
    await sweep();
    return (await read(agent)).status === status;
  });

const idle = { status: "IDLE" as const, current_task_ids: [], health_metrics: {} };

/** Beats, and promises the next beat for long after the test: however slow the machine is, nobody takes the agent for dead. */
const beat = (agent: Agent, says: { status: "IDLE" | "RUNNING"; current_task_ids: string[] } = idle) =>
  agent.heartbeat({ ...idle, ...says, next_by: toRfc3339(Date.now() + 5 * 60_000) });

describe("an agent that says nothing of its task", () => {
  it("is told by its next claim to stop what was taken from it", async () => {
    const { agent, params } = await heldTask(plane);
    await beat(agent);
    await beat(agent);
    await until("the task was taken back", async () => {
      await beat(agent);
      await sweep();
      return (await plane.operator.getTask({ params })).status === "ready";
    });
    await plane.operator.cancelTask({ params, body: { reason: "not for this agent again" } });
    expect((await agent.claim({})).stop_tasks).toEqual([params.task_id]);
  });
});

const untilEnded = (agent: Agent) =>
  until(`${agent.agent_id} ended`, async () => (await read(agent)).status === "TERMINATED");

describe("a restart", () => {
  it("ends the agent in its time, brings its task back and asks for a replacement, which takes its place", async () => {
    const { agent, params, fence, need } = await heldTask(plane);
    const path = { agent_id: agent.agent_id };
    await beat(agent, { status: "RUNNING", current_task_ids: [params.task_id] });
    await plane.operator.restartAgent({ params: path, body: { reason: "hangs" } });
    await untilEnded(agent);
    expect(await untilTask(plane.operator, params.task_id, "ready")).toMatchObject({ attempt: 1 });
    const asked = await until("a replacement was asked for", async () => {
      const { items } = await plane.operator.listEvents({ query: { subject: agent.agent_id } });
      return items.find(({ type }) => type === "agent.replacement_requested");
    });
    expect(asked.data).toMatchObject({ agent_type: "worker", capabilities: [need], phase_ids: ["PHASE_BACKLOG"] });
    const other = await plane.agent({ capabilities: [need], replaces: agent.agent_id as never });
    await beat(other);
    expect(await claimNext(other)).toMatchObject({ task_id: params.task_id, fence: fence + 1 });
    const { items } = await plane.operator.listAgentHistory({ params: path });
    expect(items).toMatchObject([
      { from: expect.any(String), to: "TERMINATED", why: "restart: hangs", by: { kind: "system" } },
      { from: "SPAWNING", to: "IDLE" },
    ]);
  });
});

describe("an agent that falls silent over its task", () => {
  it("fails, its task goes to another under a new fence, and what it brings late is kept as an orphan", async () => {
    const { agent: old, params, fence, need } = await heldTask(plane);
    const other = await plane.agent({ capabilities: [need] });
    await beat(other);
    await expectBeats();
    await untilStatus(old, "FAILED");
    expect(await plane.operator.getTask({ params })).toMatchObject({ status: "ready", attempt: 1 });
    const taken = await claimNext(other);
    expect(taken).toMatchObject({ task_id: params.task_id, attempt: 2 });
    expect(taken.fence).toBeGreaterThan(fence);
    const late = await refusalOf(old.client.completeTask({ params, body: completed(fence, { output: "late" }) }));
    expect(late).toMatchObject({ status: 409, code: "agent.ended", extra: { action: "register" } });
    await other.client.completeTask({ params, body: completed(taken.fence, { output: "in time" }) });
    const { items } = await plane.operator.listTaskAttempts({ params });
    expect(items).toMatchObject([
      { attempt: 1, fence, outcome: "lease_lost", agent_id: old.agent_id },
      { outcome: "orphan", agent_id: old.agent_id, result: { output: "late" } },
      { attempt: 2, outcome: "completed", result: { output: "in time" } },
    ]);
    const { items: events } = await plane.operator.listEvents({ query: { subject: old.agent_id } });
    const missed = events.filter(({ type }) => type === "agent.heartbeat.missed").map(({ data }) => data.count);
    expect(missed).toEqual([1, 2, 3]);
  });
});
