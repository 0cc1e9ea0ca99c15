import { routes } from "@omoios/contracts/routes";
import { describe, expect, it } from "vitest";
import { type AgentActs, TASK_A, TASK_B } from "../../harness/agent-acts.ts";
import { beat } from "../../harness/agent-keys.ts";
import { type AgentsPlane, START } from "../../harness/agents-plane.ts";
import { useAgentsPlane } from "../../harness/use-agents-plane.ts";

let plane: AgentsPlane;
let acts: AgentActs;
useAgentsPlane((made) => ({ plane, acts } = made));

const ENDED = { status: 409, body: { code: "agent.ended", action: "register" } };
const slot = { task_id: TASK_A, fence: 4, at: START };
const leave = (agent_id: string, reason = "retired") =>
  plane.call("DELETE", `/agents/${agent_id}`, { body: { reason } });
const read = async (agent_id: string) => (await plane.call("GET", `/agents/${agent_id}`)).body;

/** So much later, what is due of the agent then is done. */
async function later(agent_id: string, ms: number): Promise<void> {
  plane.pass(ms);
  const row = await plane.store.get("agent", { agent_id: agent_id as never });
  await plane.agents.due(plane.context("timers"), agent_id, row?.due_at ?? 0);
}

describe("deregistering", () => {
  it("an idle agent ends it at once, voids key and tokens, and frees the key", async () => {
    const agent = await acts.started();
    const reason = "r".repeat(1_000);
    expect(await leave(agent.agent_id, reason)).toMatchObject({ status: 200, body: { status: "TERMINATED" } });
    expect(await acts.rowOf(agent.agent_id)).toMatchObject({ epoch: 2, why: reason, slots: {} });
    expect(await plane.eventsOf("agent", agent)).toMatchObject([
      { type: "agent.status_changed", data: { from: "IDLE", to: "TERMINATED", why: reason } },
    ]);
    expect(await plane.eventsOf("agent_profile", agent)).toEqual([]);
    expect(await plane.store.get("agent_key", { key_id: agent.key_id })).toBeUndefined();
    expect(await acts.beatBy(agent, agent.token, beat(2))).toMatchObject(ENDED);
    expect(await acts.buy(agent, await acts.assertionOf(agent))).toMatchObject(ENDED);
    expect(await leave(agent.agent_id)).toMatchObject(ENDED);
  });

  it("a working one tells it to stop, and ends it when it has handed back its tasks", async () => {
    const agent = await acts.started();
    await plane.holds(agent.agent_id, slot);
    const left = await leave(agent.agent_id);
    expect(left).toMatchObject({
      status: 202,
      body: { status: "RUNNING", leaving: { how: "deregistration", until: new Date(START + 20_000).toISOString() } },
    });
    expect(plane.timers.sent).toEqual([{ kind: "agent", id: agent.agent_id, due_at: START + 20_000 }]);
    const named = beat(2, { status: "RUNNING", current_task_ids: [TASK_A] });
    expect((await acts.beatBy(agent, agent.token, named)).body).toMatchObject({ action: "shutdown" });
    expect((await leave(agent.agent_id)).body).toMatchObject({ leaving: left.body.leaving });
    await plane.handsBack(agent.agent_id);
    await later(agent.agent_id, 20_000);
    expect(await read(agent.agent_id)).toMatchObject({ status: "TERMINATED", leaving: null });
    expect(plane.given.slots).toEqual([]);
  });

  it("one that goes on working is ended by force after thirty seconds", async () => {
    const agent = await acts.started();
    await plane.holds(agent.agent_id, slot);
    await leave(agent.agent_id);
    await later(agent.agent_id, 20_000);
    expect(await read(agent.agent_id)).toMatchObject({ status: "RUNNING" });
    await later(agent.agent_id, 10_000);
    expect(await read(agent.agent_id)).toMatchObject({ status: "TERMINATED", current_task_ids: [] });
    expect(plane.given.slots).toEqual([slot]);
    expect(await plane.eventsOf("agent", agent)).toMatchObject([{ data: { from: "RUNNING", to: "TERMINATED" } }]);
  });

  it("keeps the figures of its life", async () => {
    const agent = await acts.started();
    const before = await acts.rowOf(agent.agent_id);
    if (before === undefined) throw new Error("no row");
    const record = {
      PHASE_IMPLEMENTATION: { completed: 3, failed: 1, busy_ms: 9_000 },
      PHASE_TESTING: { completed: 1, failed: 0, busy_ms: 1_000 },
    };
    await plane.commit(plane.context(), [{ kind: "agent", before, after: { ...before, record } }]);
    expect((await read(agent.agent_id)).archive).toBeNull();
    plane.pass(3_600_000);
    await leave(agent.agent_id);
    expect((await read(agent.agent_id)).archive).toEqual({
      ended_at: new Date(START + 3_600_000).toISOString(),
      why: "retired",
      tasks_completed: 4,
      tasks_failed: 1,
      mean_task_seconds: 2.5,
      restarts: 0,
      uptime_seconds: 3_600,
    });
    const row = await plane.store.get("agent_archive", agent);
    expect(row?.ttl).toBe((START + 3_600_000) / 1000 + 90 * 86_400);
  });

  it("answers a beat that was under way when the agent ended", async () => {
    const { agent_id } = await acts.started();
    const seen = await acts.rowOf(agent_id);
    if (seen === undefined) throw new Error("no row");
    await leave(agent_id);
    const late = plane.agents.heartbeat(plane.context(), seen, routes.heartbeat.body().parse(beat(2)));
    await expect(late).rejects.toMatchObject({ code: "agent.ended" });
    expect(await plane.pulse.get(agent_id)).toBeUndefined();
  });

  it("gives back what the agent takes while it ends", async () => {
    const agent = await acts.started({ capacity: 2 });
    const taken = { task_id: TASK_B, fence: 1, at: START };
    await plane.holds(agent.agent_id, slot);
    await leave(agent.agent_id);
    await later(agent.agent_id, 20_000);
    plane.given.meanwhile = async () => {
      plane.given.meanwhile = async () => undefined;
      await plane.holds(agent.agent_id, taken, "1");
    };
    await later(agent.agent_id, 10_000);
    expect(await read(agent.agent_id)).toMatchObject({ status: "TERMINATED" });
    expect(plane.given.slots).toEqual([slot, slot, taken]);
  });
});
