import { alone } from "@omoios/domain/commit";
import { describe, expect, it } from "vitest";
import { type AgentActs, TASK_A } from "../../harness/agent-acts.ts";
import { beat, type Pair } from "../../harness/agent-keys.ts";
import { type AgentsPlane, START } from "../../harness/agents-plane.ts";
import { useAgentsPlaneAlone } from "../../harness/use-agents-plane.ts";

let plane: AgentsPlane;
let acts: AgentActs;
useAgentsPlaneAlone((made) => ({ plane, acts } = made));
type Agent = Awaited<ReturnType<AgentActs["started"]>>;

const quarantine = (
  { agent_id }: Pick<Agent, "agent_id">,
  body: object = { reason: "odd" },
  key = plane.operator_key,
) => plane.call("POST", `/agents/${agent_id}/quarantine`, { body, key });
const release = ({ agent_id }: Pick<Agent, "agent_id">) =>
  plane.call("POST", `/agents/${agent_id}/release`, { body: { note: "looked at it" } });
const read = async ({ agent_id }: Pick<Agent, "agent_id">) => (await plane.call("GET", `/agents/${agent_id}`)).body;
const keyWith = async (authority: string) =>
  (await plane.call("POST", "/api-keys", { body: { name: authority, scopes: ["admin"], authority } })).body.api_key;

describe("quarantine", () => {
  it("by the plane itself asks for another agent, once", async () => {
    const agent = await acts.started();
    await plane.agents.isolate(plane.context("sweep"), agent.agent_id, "anomaly score 0.91");
    expect(await read(agent)).toMatchObject({ status: "QUARANTINED" });
    await expect(plane.agents.isolate(plane.context("sweep"), agent.agent_id, "again")).rejects.toThrow();
    expect(await plane.eventsOf("agent_profile", agent)).toMatchObject([
      { type: "agent.replacement_requested", data: { status: "QUARANTINED" } },
    ]);
  });

  it("takes the work away and keeps what is known", async () => {
    const agent = await acts.started();
    await plane.holds(agent.agent_id, { task_id: TASK_A, fence: 3, at: START });
    for (const n of [2, 3, 4, 5, 6]) {
      plane.pass(1_000);
      const health_metrics = { cpu_usage_percent: n * 10, memory_usage_mb: 100 };
      await acts.beatBy(agent, agent.token, beat(n, { current_task_ids: [TASK_A], status: "RUNNING", health_metrics }));
    }
    expect((await read(agent)).evidence).toBeNull();
    expect((await quarantine(agent)).body).toMatchObject({ status: "QUARANTINED", current_task_ids: [] });
    expect(plane.given.slots).toHaveLength(1);
    const { evidence } = await read(agent);
    expect(evidence.heartbeats).toEqual(
      [6, 5, 4, 3].map((n) => ({
        sequence_number: n,
        at: new Date(START + (n - 1) * 1_000).toISOString(),
        status: "RUNNING",
        cpu_usage_percent: n * 10,
        memory_usage_mb: 100,
      })),
    );
    expect(evidence.events.map(({ type }: { type: string }) => type).sort()).toEqual([
      "agent.registered",
      "agent.registration_started",
      "agent.status_changed",
    ]);
    expect(await acts.rowOf(agent.agent_id)).toMatchObject({ slots: {}, stopped: { [TASK_A]: START + 5_000 } });
    expect((await acts.beatBy(agent, agent.token, beat(7))).body).toMatchObject({ received: true });
    expect(await quarantine(agent)).toMatchObject({ status: 409, body: { code: "agent.status_refused" } });
  });

  it("is finished in the end where its process died over it", async () => {
    const agent = await acts.started();
    const slot = { task_id: TASK_A, fence: 3, at: START };
    await plane.holds(agent.agent_id, slot);
    plane.given.meanwhile = async () => {
      throw new Error("the process died");
    };
    expect(await quarantine(agent)).toMatchObject({ status: 500 });
    plane.given.meanwhile = async () => undefined;
    await plane.agents.due(plane.context("timers"), agent.agent_id, START);
    expect(await acts.rowOf(agent.agent_id)).toMatchObject({ status: "QUARANTINED", slots: {} });
  });

  it("ends with a release on probation: one task at a time until one is completed", async () => {
    const agent = await acts.started({ capacity: 3 });
    await quarantine(agent);
    expect((await release(agent)).body).toMatchObject({ status: "IDLE", capacity: 3 });
    expect((await plane.call("GET", `/agents/${agent.agent_id}/health`)).body).toMatchObject({ free_capacity: 1 });
    expect((await read(agent)).evidence).toBeNull();
    expect(await release(agent)).toMatchObject({ status: 409, body: { code: "agent.status_refused" } });
    const { body } = await plane.call("GET", `/agents/${agent.agent_id}/history`);
    expect(body.items).toMatchObject([
      {
        from: "QUARANTINED",
        to: "IDLE",
        why: "looked at it",
        forced: false,
        by: { kind: "operator", authority: "SYSTEM" },
      },
      { from: "IDLE", to: "QUARANTINED", why: "odd" },
      { from: "SPAWNING", to: "IDLE", why: "first heartbeat", by: { kind: "agent", id: agent.agent_id } },
    ]);
  });

  it("takes an agent that has failed, which then beats on after its last number", async () => {
    await plane.agents.watchBeats(plane.context("sweep"));
    const agent = await acts.started();
    await acts.beatBy(agent, agent.token, beat(4));
    plane.pass(93_000);
    await plane.ladder.save({ due_at: plane.clock.now(), sighted_since: 0 });
    await plane.agents.watchAgain(plane.context("timers"), plane.clock.now());
    expect(await read(agent)).toMatchObject({ status: "FAILED" });
    await quarantine(agent);
    await release(agent);
    expect((await acts.beatBy(agent, agent.token, beat(4))).body).toMatchObject({ received: false, expected_next: 5 });
    expect((await acts.beatBy(agent, agent.token, beat(5))).body).toMatchObject({ received: true });
    expect((await acts.rowOf(agent.agent_id))?.ttl).toBeUndefined();
  });

  it("is taken back from an agent that had failed, which then is as it was and goes in its time", async () => {
    await plane.agents.watchBeats(plane.context("sweep"));
    const agent = await acts.started();
    plane.pass(93_000);
    await plane.ladder.save({ due_at: plane.clock.now(), sighted_since: 0 });
    await plane.agents.watchAgain(plane.context("timers"), plane.clock.now());
    const failed = await acts.rowOf(agent.agent_id);
    await quarantine(agent);
    expect((await acts.rowOf(agent.agent_id))?.ttl).toBeUndefined();
    const to = { status: "FAILED" as const, why: failed?.why };
    await plane.agents.leaveQuarantine(plane.context(), agent.agent_id, to, alone(agent.agent_id));
    const { status, why, ttl, due_at } = (await acts.rowOf(agent.agent_id)) ?? {};
    expect({ status, why, ttl, due_at }).toEqual({ ...to, ttl: failed?.ttl, due_at: undefined });
    expect((await acts.beatBy(agent, agent.token, beat(5))).status).toBe(409);
    const { body } = await plane.call("GET", `/agents/${agent.agent_id}/history`);
    expect(body.items[0]).toMatchObject({ from: "QUARANTINED", to: "FAILED", forced: true });
  });

  it("does not release a failed agent whose key another one has by now", async () => {
    await plane.agents.watchBeats(plane.context("sweep"));
    const agent = await acts.started();
    plane.pass(93_000);
    await plane.ladder.save({ due_at: plane.clock.now(), sighted_since: 0 });
    await plane.agents.watchAgain(plane.context("timers"), plane.clock.now());
    expect(await read(agent)).toMatchObject({ status: "FAILED" });
    const { d: _private, ...public_key } = agent.private_key;
    await acts.registered({ replaces: agent.agent_id }, { private_key: agent.private_key, public_key } as Pair);
    await quarantine(agent);
    expect(await release(agent)).toMatchObject({ status: 409, body: { code: "agent.status_refused" } });
    expect(await read(agent)).toMatchObject({ status: "QUARANTINED" });
  });

  it("needs the authority MONITOR, by force GUARDIAN, and a release GUARDIAN", async () => {
    const agent = await acts.registered();
    const low = { status: 403, body: { code: "auth.authority_too_low" } };
    expect(await quarantine(agent, { reason: "odd" }, await keyWith("WATCHDOG"))).toMatchObject(low);
    const monitor = await keyWith("MONITOR");
    // The table has no way from SPAWNING there.
    expect(await quarantine(agent, { reason: "odd" }, monitor)).toMatchObject({
      status: 409,
      body: { code: "agent.status_refused", allowed: ["IDLE", "DEGRADED", "FAILED", "TERMINATED"] },
    });
    expect(await quarantine(agent, { reason: "odd", force: true }, monitor)).toMatchObject(low);
    const forced = await quarantine(agent, { reason: "odd", force: true }, await keyWith("GUARDIAN"));
    expect(forced).toMatchObject({ status: 200, body: { status: "QUARANTINED" } });
    const { body } = await plane.call("GET", `/agents/${agent.agent_id}/history`);
    expect(body.items).toMatchObject([
      { from: "SPAWNING", to: "QUARANTINED", forced: true, by: { authority: "GUARDIAN" } },
    ]);
    const refused = await plane.call("POST", `/agents/${agent.agent_id}/release`, {
      body: { note: "ok" },
      key: monitor,
    });
    expect(refused).toMatchObject(low);
  });
});
