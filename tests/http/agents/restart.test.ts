import { describe, expect, it } from "vitest";
import { type AgentActs, TASK_A } from "../../harness/agent-acts.ts";
import { beat } from "../../harness/agent-keys.ts";
import { type AgentsPlane, START } from "../../harness/agents-plane.ts";
import { useAgentsPlaneAlone } from "../../harness/use-agents-plane.ts";

let plane: AgentsPlane;
let acts: AgentActs;
useAgentsPlaneAlone((made) => ({ plane, acts } = made));
type Agent = Awaited<ReturnType<AgentActs["started"]>>;

const restart = ({ agent_id }: Pick<Agent, "agent_id">, reason = "hangs") =>
  plane.call("POST", `/agents/${agent_id}/restart`, { body: { reason } });
const statusOf = async ({ agent_id }: Pick<Agent, "agent_id">) => (await acts.rowOf(agent_id))?.status;

/** So much later, what is due of the agent then is done. */
async function later(agent: Agent, ms: number): Promise<void> {
  plane.pass(ms);
  await plane.agents.due(plane.context("timers"), agent.agent_id, (await acts.rowOf(agent.agent_id))?.due_at ?? 0);
}

describe("a restart", () => {
  it("tells the agent to stop, ends it ten seconds later, and asks for a replacement", async () => {
    const agent = await acts.started({ tags: ["blue"], owner: "team-a" });
    const slot = { task_id: TASK_A, fence: 3, at: START };
    await plane.holds(agent.agent_id, slot);
    expect(await restart(agent)).toMatchObject({
      status: 200,
      body: {
        status: "RUNNING",
        leaving: { how: "restart", why: "hangs", until: new Date(START + 10_000).toISOString() },
      },
    });
    const named = beat(2, { status: "RUNNING", current_task_ids: [TASK_A] });
    expect((await acts.beatBy(agent, agent.token, named)).body).toMatchObject({ action: "shutdown" });
    await later(agent, 9_999);
    expect(await statusOf(agent)).toBe("IDLE");
    await later(agent, 1);
    expect(await statusOf(agent)).toBe("TERMINATED");
    expect(plane.given.slots).toEqual([slot]);
    expect(await plane.store.get("agent_key", { key_id: agent.key_id })).toBeUndefined();
    expect(await plane.eventsOf("agent_profile", agent)).toEqual([
      {
        type: "agent.replacement_requested",
        data: {
          agent_id: agent.agent_id,
          agent_name: "worker-implementation-001",
          agent_type: "worker",
          status: "TERMINATED",
          version: 3,
          phase_ids: ["PHASE_IMPLEMENTATION"],
          capabilities: ["lang:go"],
          tags: ["blue"],
          owner: "team-a",
        },
      },
    ]);
    const ended = { status: 409, body: { code: "agent.ended", action: "register" } };
    expect(await acts.beatBy(agent, agent.token, beat(3))).toMatchObject(ended);
    expect(await restart(agent)).toMatchObject(ended);
  });

  it("ends an agent early that leaves by itself, and still asks for a replacement", async () => {
    const agent = await acts.started();
    await restart(agent);
    expect((await plane.call("DELETE", `/agents/${agent.agent_id}`)).body).toMatchObject({ status: "TERMINATED" });
    expect(await plane.eventsOf("agent_profile", agent)).toMatchObject([{ type: "agent.replacement_requested" }]);
  });

  it("of an agent that has failed waits for nothing", async () => {
    const agent = await acts.started();
    const before = await acts.rowOf(agent.agent_id);
    if (before === undefined) throw new Error("no row");
    await plane.commit(plane.context(), [{ kind: "agent", before, after: { ...before, status: "FAILED" } }]);
    expect((await restart(agent)).body).toMatchObject({ status: "TERMINATED", leaving: null });
    expect(await plane.eventsOf("agent_profile", agent)).toMatchObject([{ type: "agent.replacement_requested" }]);
  });

  it("that comes too soon after one of its line is refused, with the time to wait", async () => {
    const first = await acts.started();
    await restart(first);
    expect(await restart(first)).toMatchObject({
      status: 429,
      body: { code: "agent.restart_cooldown", retry_after_ms: 60_000 },
    });
    await later(first, 10_000);
    const second = await acts.started({ replaces: first.agent_id });
    const refused = await restart(second);
    expect(refused).toMatchObject({ status: 429, body: { code: "agent.restart_cooldown", retry_after_ms: 50_000 } });
    expect(refused.headers.get("retry-after")).toBe("50");
    expect(await restart(await acts.started())).toMatchObject({ status: 200 });
  });

  it("that is the fourth of its line within the hour is refused, and the guardian is told once", async () => {
    let agent = await acts.started();
    for (let n = 0; n < 3; n++) {
      expect(await restart(agent)).toMatchObject({ status: 200 });
      await later(agent, 10_000);
      plane.pass(60_000);
      agent = await acts.started({ replaces: agent.agent_id });
    }
    const limit = { status: 429, body: { code: "agent.restart_limit", retry_after_ms: 3_600_000 - 210_000 } };
    expect(await restart(agent)).toMatchObject(limit);
    const told = [
      {
        type: "watchdog.escalation",
        data: { agent_id: agent.agent_id, to: "guardian", why: "restarted too often within the hour" },
      },
    ];
    expect(await plane.eventsOf("agent", agent)).toEqual(told);
    const { version } = (await acts.rowOf(agent.agent_id)) ?? {};
    expect(await restart(agent)).toMatchObject(limit);
    expect(await acts.rowOf(agent.agent_id)).toMatchObject({ status: "IDLE", version });
    plane.pass(3_600_000 - 210_000);
    const { body } = await plane.call("POST", `/agents/${agent.agent_id}/token`, {
      body: { assertion: await acts.assertionOf(agent) },
    });
    await acts.beatBy(agent, body.access_token, beat(2));
    expect(await restart(agent)).toMatchObject({ status: 200 });
    await later(agent, 10_000);
    const { archive } = (await plane.call("GET", `/agents/${agent.agent_id}`)).body;
    expect(archive).toMatchObject({ restarts: 4, why: "restart: hangs" });
  });

  it("answers the same idempotency key with the same restart", async () => {
    const agent = await acts.started();
    const call = { body: { reason: "hangs" }, headers: { "Idempotency-Key": crypto.randomUUID() } };
    const first = await plane.call("POST", `/agents/${agent.agent_id}/restart`, call);
    const again = await plane.call("POST", `/agents/${agent.agent_id}/restart`, call);
    expect(again).toMatchObject({ status: 200, body: first.body });
  });
});
