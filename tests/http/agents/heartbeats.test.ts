import { routes } from "@omoios/contracts/routes";
import { describe, expect, it } from "vitest";
import { type AgentActs, TASK_A, TASK_B } from "../../harness/agent-acts.ts";
import { beat } from "../../harness/agent-keys.ts";
import { type AgentsPlane, START } from "../../harness/agents-plane.ts";
import { useAgentsPlane } from "../../harness/use-agents-plane.ts";

let plane: AgentsPlane;
let acts: AgentActs;
useAgentsPlane((made) => ({ plane, acts } = made));

describe("heartbeats", () => {
  it("report a gap, know a replay, and take the next number", async () => {
    const agent = await acts.started();
    for (const n of [2, 3, 4, 5]) await acts.beatBy(agent, agent.token, beat(n));
    expect((await acts.beatBy(agent, agent.token, beat(8))).body).toMatchObject({
      received: true,
      gaps: [[6, 7]],
      expected_next: 9,
    });
    expect((await acts.beatBy(agent, agent.token, beat(5))).body).toMatchObject({
      received: false,
      replay: true,
      sequence_number: 5,
      expected_next: 9,
      gaps: [],
    });
    expect(await plane.pulse.get(agent.agent_id)).toMatchObject({ sequence: 8, replays: 1 });
    expect((await acts.beatBy(agent, agent.token, beat(9))).body).toMatchObject({ received: true, gaps: [] });
  });

  it("with a wrong checksum are refused and use up no number", async () => {
    const agent = await acts.started();
    expect(await acts.beatBy(agent, agent.token, { ...beat(2), status: "RUNNING" })).toMatchObject({
      status: 422,
      body: { code: "agent.checksum_mismatch" },
    });
    expect((await acts.beatBy(agent, agent.token, beat(2))).body).toMatchObject({ received: true });
  });

  it("are checked over just what was sent", () => {
    const sent = beat(1, {
      status: "RUNNING",
      current_task_ids: [TASK_B, TASK_A],
      health_metrics: {
        cpu_usage_percent: 12.5e-3,
        memory_usage_mb: 1e21,
        last_error_at: null,
        custom: { "ü\u20ac": -0.1, a: 1 },
      },
      next_by: "2026-01-05T12:00:00+02:00",
      acked: 0,
    });
    expect(routes.heartbeat.body().parse(sent)).toEqual(sent);
  });

  it("promise the next one ten minutes ahead at most", async () => {
    const agent = await acts.started();
    const next_by = (ms: number) => new Date(START + ms).toISOString();
    expect(await acts.beatBy(agent, agent.token, beat(2, { next_by: next_by(600_001) }))).toMatchObject({
      status: 422,
      body: { code: "request.invalid", errors: [{ path: "/next_by" }] },
    });
    expect(await acts.beatBy(agent, agent.token, beat(2, { next_by: next_by(600_000) }))).toMatchObject({
      status: 200,
    });
    expect(await plane.pulse.get(agent.agent_id)).toMatchObject({ next_by: START + 600_000 });
  });

  it("tell the agent to stop what it does not hold, and count what it leaves out", async () => {
    const agent = await acts.started();
    await plane.holds(agent.agent_id, { task_id: TASK_A, fence: 3, at: START });
    const named = beat(2, { status: "RUNNING", current_task_ids: [TASK_B] });
    expect((await acts.beatBy(agent, agent.token, named)).body).toMatchObject({ action: "stop", stop_tasks: [TASK_B] });
    await acts.beatBy(agent, agent.token, beat(3));
    expect(await plane.pulse.get(agent.agent_id)).toMatchObject({ left_out: { [`${TASK_A}#3`]: 2 } });
    expect((await acts.beatBy(agent, agent.token, beat(4, { current_task_ids: [TASK_A] }))).body).toMatchObject({
      action: "continue",
      stop_tasks: [],
    });
    expect(await plane.pulse.get(agent.agent_id)).toMatchObject({ left_out: {}, task_ids: [TASK_A] });
  });
});
