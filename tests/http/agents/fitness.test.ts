import { describe, expect, it } from "vitest";
import { type AgentActs, TASK_A } from "../../harness/agent-acts.ts";
import { beat } from "../../harness/agent-keys.ts";
import { type AgentsPlane, START } from "../../harness/agents-plane.ts";
import { useAgentsPlaneAlone } from "../../harness/use-agents-plane.ts";

let plane: AgentsPlane;
let acts: AgentActs;
useAgentsPlaneAlone((made) => ({ plane, acts } = made));
type Agent = Awaited<ReturnType<AgentActs["started"]>>;

const search = async (query: string) => (await plane.call("GET", `/agents/search?${query}`)).body.items;
const worker = (capabilities: string[], more: object = {}) => acts.started({ capabilities, ...more });
const patch = ({ agent_id }: Pick<Agent, "agent_id">, body: object, key = plane.operator_key) =>
  plane.call("PATCH", `/agents/${agent_id}`, { body, key });
const judge = async (seconds: number) => {
  plane.pass(seconds * 1_000);
  await plane.ladder.save({ due_at: plane.clock.now(), sighted_since: 0 });
  await plane.agents.watchAgain(plane.context("timers"), plane.clock.now());
};

describe("search", () => {
  it("finds active agents that have one of the capabilities, best fit first and with reasons", async () => {
    const both = await worker(["lang:go", "terraform"]);
    const one = await worker(["terraform"], { capacity: 2 });
    const busy = await worker(["lang:go", "terraform", "sql"], { phase_ids: ["PHASE_TESTING"] });
    await plane.holds(busy.agent_id, { task_id: TASK_A, fence: 1, at: START });
    await worker(["lang:ts"]);
    await acts.registered({ capabilities: ["terraform"] });
    expect(await search("capabilities=lang:go,Terraform")).toMatchObject([
      { agent_id: both.agent_id, score: 1.55, covers: true, status: "IDLE" },
      {
        agent_id: busy.agent_id,
        score: 1.3,
        covers: true,
        status: "RUNNING",
        why: expect.arrayContaining(["is RUNNING"]),
      },
      { agent_id: one.agent_id, score: 1.1, covers: false, why: expect.arrayContaining(["lacks lang:go"]) },
    ]);
    const ids = async (query: string) => (await search(query)).map(({ agent_id }: Agent) => agent_id);
    expect(await ids("capabilities=terraform&phase_id=PHASE_TESTING")).toEqual([busy.agent_id]);
    expect(await ids("status=RUNNING")).toEqual([busy.agent_id]);
    expect(await ids("phase_id=PHASE_IMPLEMENTATION&limit=1")).toEqual([one.agent_id]);
    await plane.call("POST", `/agents/${both.agent_id}/quarantine`, { body: { reason: "odd" } });
    expect(await ids("capabilities=lang:go")).toEqual([busy.agent_id]);
  });

  it("counts a missed beat against an agent", async () => {
    const agent = await worker(["lang:go"]);
    await judge(33);
    expect(await search("capabilities=lang:go")).toMatchObject([{ agent_id: agent.agent_id, score: 1.35 }]);
    await acts.beatBy(agent, agent.token, beat(2));
    expect(await search("capabilities=lang:go")).toMatchObject([{ score: 1.55 }]);
  });

  it("refuses words that are no capabilities", async () => {
    const path = "/agents/search?capabilities=two words";
    expect(await plane.call("GET", path)).toMatchObject({ status: 422, body: { errors: [{ path: "capabilities" }] } });
  });
});

describe("health", () => {
  it("of one agent tells its beats, its misses and its figures", async () => {
    const agent = await worker(["lang:go"], { owner: "team-a", capacity: 2 });
    await acts.beatBy(agent, agent.token, beat(2, { health_metrics: { cpu_usage_percent: 12.5 } }));
    await acts.beatBy(agent, agent.token, beat(2));
    const health = async () => (await plane.call("GET", `/agents/${agent.agent_id}/health`)).body;
    expect(await health()).toEqual({
      agent_id: agent.agent_id,
      agent_name: "worker-implementation-001",
      status: "IDLE",
      owner: "team-a",
      last_heartbeat_at: new Date(START).toISOString(),
      misses: 0,
      heartbeat_age_seconds: 0,
      awaited_until: new Date(START + 32_000).toISOString(),
      stale: false,
      sequence_number: 2,
      replays: 1,
      health_metrics: { cpu_usage_percent: 12.5 },
      capacity: 2,
      free_capacity: 2,
    });
    await judge(33);
    expect(await health()).toMatchObject({ misses: 1, stale: true, heartbeat_age_seconds: 33 });
    await judge(60);
    expect(await health()).toMatchObject({ status: "FAILED", misses: 3, awaited_until: null, sequence_number: 2 });
  });

  it("of the fleet counts by status, and names the silent ones, the longest silent first", async () => {
    const [silent, later] = [await worker(["a"]), await worker(["b"], { owner: "team-b" })];
    await acts.registered();
    plane.pass(20_000);
    await acts.beatBy(later, later.token, beat(2));
    plane.pass(1_000);
    const lively = await worker(["c"]);
    await plane.holds(lively.agent_id, { task_id: TASK_A, fence: 1, at: START });
    plane.pass(33_000);
    const { body } = await plane.call("GET", "/agents/health");
    expect(body).toMatchObject({
      by_status: { SPAWNING: 1, IDLE: 2, RUNNING: 1, DEGRADED: 0, FAILED: 0, QUARANTINED: 0 },
      active: 3,
      oldest_heartbeat_at: new Date(START).toISOString(),
      mass_silence_since: null,
    });
    expect(body.stale.map(({ agent_id }: Agent) => agent_id).slice(0, 2)).toEqual([silent.agent_id, later.agent_id]);
    expect(body.stale[1]).toMatchObject({ owner: "team-b", misses: 0 });
    await judge(60);
    expect((await plane.call("GET", "/agents/health")).body.by_status.FAILED).toBeGreaterThan(0);
  });

  it("of the fleet is not for an agent, which sees its own", async () => {
    const agent = await worker(["a"]);
    expect(await plane.call("GET", "/agents/health", { key: agent.token })).toMatchObject({ status: 403 });
    expect(await plane.call("GET", `/agents/${agent.agent_id}/health`, { key: agent.token })).toMatchObject({
      status: 200,
    });
  });
});

describe("a change of what an agent can do", () => {
  it("is published as what came and what went, and moves it to another class", async () => {
    const agent = await worker(["lang:go", "sql"]);
    const before = await acts.rowOf(agent.agent_id);
    const body = { capabilities: ["terraform", "lang:go"], capacity: 4, tags: ["blue"], owner: "team-a" };
    expect((await patch(agent, body, agent.token)).body).toMatchObject({
      capabilities: ["lang:go", "terraform"],
      capacity: 4,
      tags: ["blue"],
      owner: "team-a",
      phase_ids: ["PHASE_IMPLEMENTATION"],
    });
    expect(await plane.eventsOf("agent_profile", agent)).toMatchObject([
      {
        type: "agent.capabilities_changed",
        data: { agent_id: agent.agent_id, added: ["terraform"], removed: ["sql"], status: "IDLE" },
      },
    ]);
    expect((await acts.rowOf(agent.agent_id))?.class_id).not.toBe(before?.class_id);
    expect(await search("capabilities=sql")).toEqual([]);
    await patch(agent, { owner: null, tags: [] });
    expect((await plane.call("GET", `/agents/${agent.agent_id}`)).body).toMatchObject({
      owner: null,
      tags: [],
      capacity: 4,
    });
    expect(await plane.eventsOf("agent_profile", agent)).toEqual([]);
  });

  it("is refused for phases that no workflow has, for none at all, and after its end", async () => {
    const agent = await worker(["a"]);
    const faulty = (phase_ids: string[]) => patch(agent, { phase_ids });
    expect(await faulty(["PHASE_TESTING", "PHASE_NONE"])).toMatchObject({
      status: 422,
      body: { code: "request.invalid", errors: [{ path: "/phase_ids", message: "no workflow has PHASE_NONE" }] },
    });
    expect(await faulty([])).toMatchObject({ status: 422, body: { errors: [{ path: "/phase_ids" }] } });
    expect(await patch(agent, { capacity: 0 })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/capacity" }] },
    });
    await plane.call("DELETE", `/agents/${agent.agent_id}`);
    expect(await patch(agent, { capacity: 2 })).toMatchObject({ status: 409, body: { code: "agent.ended" } });
  });
});
