import type { Tables } from "@omoios/adapters/dynamodb/client";
import { routes } from "@omoios/contracts/routes";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AgentActs, agentActs, TASK_A, TASK_B } from "../../harness/agent-acts.ts";
import { beat } from "../../harness/agent-keys.ts";
import { type AgentsPlane, agentsPlane, START } from "../../harness/agents-plane.ts";
import { withTables } from "../../harness/dynamodb.ts";

let tables: Tables;
let stop: () => Promise<void>;
let plane: AgentsPlane;
let acts: AgentActs;
beforeAll(async () => ({ tables, stop } = await withTables()));
beforeEach(async () => {
  plane = await agentsPlane(tables);
  acts = agentActs(plane);
});
afterAll(() => stop());

describe("deregistering", () => {
  it("gives the tasks back, voids key and tokens at once, and frees the key", async () => {
    const agent = await acts.started();
    const slot = { task_id: TASK_A, fence: 4, at: START };
    await plane.holds(agent.agent_id, slot);
    const reason = "r".repeat(1_000);
    const { status, body } = await plane.call("DELETE", `/agents/${agent.agent_id}`, { body: { reason } });
    expect({ status, body }).toMatchObject({ status: 200, body: { status: "TERMINATED", current_task_ids: [] } });
    expect(plane.given.slots).toEqual([slot]);
    expect(await acts.rowOf(agent.agent_id)).toMatchObject({ epoch: 2, why: reason, slots: {} });
    expect(await plane.eventsOf("agent", agent)).toMatchObject([
      { type: "agent.status_changed", data: { from: "RUNNING", to: "TERMINATED", why: reason } },
    ]);
    expect(await plane.store.get("agent_key", { key_id: agent.key_id })).toBeUndefined();
    const ended = { status: 409, body: { code: "agent.ended", action: "register" } };
    expect(await acts.beatBy(agent, agent.token, beat(2))).toMatchObject(ended);
    expect(await acts.buy(agent, await acts.assertionOf(agent))).toMatchObject(ended);
    expect(await plane.call("DELETE", `/agents/${agent.agent_id}`)).toMatchObject(ended);
  });

  it("answers a beat that was under way when the agent ended", async () => {
    const { agent_id } = await acts.started();
    const seen = await acts.rowOf(agent_id);
    if (seen === undefined) throw new Error("no row");
    await plane.call("DELETE", `/agents/${agent_id}`);
    const late = plane.agents.heartbeat(plane.context(), seen, routes.heartbeat.body.parse(beat(2)));
    await expect(late).rejects.toMatchObject({ code: "agent.ended" });
    expect(await plane.pulse.get(agent_id)).toBeUndefined();
  });

  it("gives back what the agent takes while it ends", async () => {
    const agent = await acts.started({ capacity: 2 });
    const [held, taken] = [
      { task_id: TASK_A, fence: 1, at: START },
      { task_id: TASK_B, fence: 1, at: START },
    ];
    await plane.holds(agent.agent_id, held);
    plane.given.meanwhile = async () => {
      plane.given.meanwhile = async () => undefined;
      await plane.holds(agent.agent_id, taken, "1");
    };
    expect(await plane.call("DELETE", `/agents/${agent.agent_id}`)).toMatchObject({ status: 200 });
    expect(plane.given.slots).toEqual([held, held, taken]);
  });
});
