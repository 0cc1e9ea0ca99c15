import { newId } from "@omoios/kernel/ids";
import { systemRandom } from "@omoios/kernel/random";
import { describe, expect, it } from "vitest";
import { type AgentActs, type Registered, TASK_A } from "../../harness/agent-acts.ts";
import { type AgentsPlane, START } from "../../harness/agents-plane.ts";
import { useAgentsPlane } from "../../harness/use-agents-plane.ts";

let plane: AgentsPlane;
let acts: AgentActs;
useAgentsPlane((made) => ({ plane, acts } = made));

describe("reading agents", () => {
  it("shows RUNNING while slots are held", async () => {
    const agent = await acts.started({ capacity: 2, owner: "team-a" });
    await plane.holds(agent.agent_id, { task_id: TASK_A, fence: 1, at: START });
    expect((await plane.call("GET", `/agents/${agent.agent_id}`)).body).toMatchObject({
      status: "RUNNING",
      current_task_ids: [TASK_A],
      owner: "team-a",
      phase_ids: ["PHASE_IMPLEMENTATION"],
      capabilities: ["lang:go"],
    });
    const listed = await plane.call("GET", "/agents?status=RUNNING&phase_id=PHASE_IMPLEMENTATION");
    expect(listed.body.items.map(({ agent_id }: Registered) => agent_id)).toEqual([agent.agent_id]);
  });

  it("lists newest first in pages, and to an agent itself alone", async () => {
    plane.pass(1);
    const first = await acts.started();
    plane.pass(1);
    const second = await acts.registered();
    const page = await plane.call("GET", "/agents?limit=1");
    expect(page.body.items).toMatchObject([{ agent_id: second.agent_id }]);
    const next = await plane.call("GET", `/agents?limit=1&cursor=${encodeURIComponent(page.body.next_cursor)}`);
    expect(next.body.items).toMatchObject([{ agent_id: first.agent_id }]);
    const own = await plane.call("GET", "/agents", { key: first.token });
    expect(own.body).toMatchObject({ items: [{ agent_id: first.agent_id }], next_cursor: null });
    expect(await plane.call("GET", `/agents/${second.agent_id}`, { key: first.token })).toMatchObject({ status: 403 });
  });

  it("knows no agent by an id that names none", async () => {
    const missing = newId("agent", systemRandom);
    for (const path of [`/agents/${missing}`, `/agents/${missing}/registration`, "/agents/agent_1"])
      expect(await plane.call("GET", path)).toMatchObject({ status: 404, body: { code: "agent.not_found" } });
    expect(await plane.call("DELETE", `/agents/${missing}`)).toMatchObject({ status: 404 });
  });
});
