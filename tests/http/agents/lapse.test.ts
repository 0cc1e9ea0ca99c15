import { describe, expect, it } from "vitest";
import type { AgentActs } from "../../harness/agent-acts.ts";
import { beat, newPair } from "../../harness/agent-keys.ts";
import { type AgentsPlane, START } from "../../harness/agents-plane.ts";
import { useAgentsPlane } from "../../harness/use-agents-plane.ts";

let plane: AgentsPlane;
let acts: AgentActs;
useAgentsPlane((made) => ({ plane, acts } = made));

describe("a registration without a first heartbeat", () => {
  it("ends when it is due, and frees its key", async () => {
    const pair = await newPair();
    const agent = await acts.registered({}, pair);
    const due_at = START + 60_000;
    await plane.agents.due(plane.context("timers"), agent.agent_id, due_at);
    expect(await acts.rowOf(agent.agent_id)).toMatchObject({ status: "SPAWNING" });
    plane.pass(60_000);
    await plane.agents.due(plane.context("timers"), agent.agent_id, due_at - 1);
    expect(await acts.rowOf(agent.agent_id)).toMatchObject({ status: "SPAWNING" });
    await plane.agents.due(plane.context("timers"), agent.agent_id, due_at);
    await plane.agents.due(plane.context("timers"), agent.agent_id, due_at);
    expect(await acts.rowOf(agent.agent_id)).toMatchObject({ status: "TERMINATED", epoch: 2, version: 2 });
    expect(await plane.eventsOf("agent", agent)).toMatchObject([
      { type: "agent.registration_failed", data: { agent_id: agent.agent_id } },
      { type: "agent.status_changed", data: { from: "SPAWNING", to: "TERMINATED", why: "no first heartbeat" } },
    ]);
    expect(await plane.store.get("agent_key", { key_id: agent.key_id })).toBeUndefined();
    expect(await plane.pulse.get(agent.agent_id)).toBeUndefined();
    const { body } = await plane.call("GET", `/agents/${agent.agent_id}/registration`);
    expect(body.steps.at(-1)).toMatchObject({ step: "first_heartbeat", outcome: "failed" });
    expect(await acts.beatBy(agent, await acts.assertionOf(agent), beat(1))).toMatchObject({
      status: 409,
      body: { code: "agent.ended", action: "register" },
    });
    await acts.registered({ replaces: agent.agent_id }, pair);
  });

  it("takes no beat after its time, even before the timer has come", async () => {
    const agent = await acts.registered();
    plane.pass(60_001);
    expect(await acts.beatBy(agent, await acts.assertionOf(agent), beat(1))).toMatchObject({
      status: 409,
      body: { code: "agent.ended", action: "register" },
    });
  });

  it("is let be when the beat came", async () => {
    const { agent_id } = await acts.started();
    plane.pass(60_000);
    await plane.agents.due(plane.context("timers"), agent_id, START + 60_000);
    expect(await acts.rowOf(agent_id)).toMatchObject({ status: "IDLE" });
  });
});
