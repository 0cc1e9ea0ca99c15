import { beforeEach, describe, expect, it } from "vitest";
import { TASK_A, TASK_B } from "../../harness/agent-acts.ts";
import { beat } from "../../harness/agent-keys.ts";
import { type AgentsPlane, START } from "../../harness/agents-plane.ts";
import { AT_EASE, type LadderActs, ladderActs, type StartedAgent } from "../../harness/ladder-acts.ts";
import { useAgentsPlaneAlone } from "../../harness/use-agents-plane.ts";

let plane: AgentsPlane;
let acts: LadderActs;
// Every agent of a table is judged, so that each test has tables of its own.
useAgentsPlaneAlone((made) => {
  plane = made.plane;
  acts = ladderActs(plane);
});

describe("an agent that falls silent", () => {
  let agent: StartedAgent;
  beforeEach(async () => {
    await plane.agents.watchBeats(plane.context("sweep"));
    agent = await acts.started();
  });

  it("is warned of, degraded and failed, each with one event", async () => {
    const seen: unknown[] = [];
    await acts.judgedFor(30);
    expect(await acts.standing(agent)).toEqual(AT_EASE);
    await acts.judgedFor(75, async (at) => {
      const events = await plane.eventsOf("agent", agent);
      if ((at + 30) % 30 === 15) return;
      seen.push([events.map(({ type, data }) => [type, data.count ?? data.to]), await acts.statusOf(agent)]);
    });
    expect(seen).toEqual([
      [[["agent.heartbeat.missed", 1]], "IDLE"],
      [
        [
          ["agent.heartbeat.missed", 2],
          ["agent.status_changed", "DEGRADED"],
        ],
        "DEGRADED",
      ],
    ]);
    expect(await acts.statusOf(agent)).toBe("FAILED");
    expect(await plane.eventsOf("agent", agent)).toMatchObject([
      { type: "agent.heartbeat.missed", data: { count: 3, agent_name: expect.any(String) } },
      { type: "agent.status_changed", data: { from: "DEGRADED", to: "FAILED", why: "missed 3 heartbeats" } },
    ]);
  });

  it("fails also where its first beat completed the registration and was not kept", async () => {
    const pulse = await plane.pulse.get(agent.agent_id);
    if (pulse === undefined) throw new Error("It has no pulse");
    await plane.pulse.open({ ...pulse, sequence: 0 });
    await acts.judgedFor(60);
    expect(await acts.standing(agent)).toEqual(AT_EASE);
    await acts.judgedFor(60);
    expect(await acts.statusOf(agent)).toBe("FAILED");
  });

  it("gives its tasks back when it has failed, and can only register again", async () => {
    const slot = { task_id: TASK_A, fence: 3, at: START };
    await plane.holds(agent.agent_id, slot);
    await acts.judgedFor(105);
    expect(plane.given.slots).toEqual([slot]);
    expect(await acts.standing(agent)).toEqual(["FAILED", 3, undefined, {}]);
    expect(await plane.pulse.get(agent.agent_id)).toBeUndefined();
    const ended = { status: 409, body: { code: "agent.ended", action: "register" } };
    expect(await acts.nextBeat(agent, 2)).toMatchObject(ended);
    expect(await acts.buy(agent, await acts.assertionOf(agent))).toMatchObject(ended);
    const { body } = await plane.call("GET", `/agents/${agent.agent_id}`);
    expect(body).toMatchObject({ status: "FAILED", last_heartbeat_at: new Date(START).toISOString() });
  });

  it("gives its tasks back in the end where the judgement died over it", async () => {
    const slot = { task_id: TASK_A, fence: 3, at: START };
    await plane.holds(agent.agent_id, slot);
    plane.given.meanwhile = async () => {
      throw new Error("the process died");
    };
    await expect(acts.judgedFor(105)).rejects.toThrow("died");
    plane.given.meanwhile = async () => undefined;
    const { due_at, status } = (await acts.rowOf(agent.agent_id)) ?? {};
    expect(status).toBe("FAILED");
    await plane.agents.due(plane.context("timers"), agent.agent_id, due_at ?? 0);
    expect(await acts.standing(agent)).toEqual(["FAILED", 3, undefined, {}]);
  });

  it("comes back from DEGRADED with a good beat", async () => {
    await acts.judgedFor(75);
    expect(await acts.statusOf(agent)).toBe("DEGRADED");
    expect((await acts.nextBeat(agent, 2)).body).toMatchObject({ received: true, action: "continue" });
    expect(await acts.standing(agent)).toEqual(AT_EASE);
    expect(await plane.eventsOf("agent", agent)).toMatchObject([
      { type: "agent.status_changed", data: { from: "DEGRADED", to: "IDLE", why: "beats again" } },
    ]);
    await acts.judgedFor(30);
    expect(await acts.statusOf(agent)).toBe("IDLE");
  });

  it("is not brought back by a replay", async () => {
    await acts.judgedFor(75);
    expect((await acts.nextBeat(agent, 1)).body).toMatchObject({ received: false, replay: true });
    expect(await acts.statusOf(agent)).toBe("DEGRADED");
  });

  it("may be silent for as long as it promised", async () => {
    const next_by = new Date(START + 300_000).toISOString();
    await acts.beatBy(agent, agent.token, beat(2, { next_by }));
    await acts.judgedFor(300);
    expect(await acts.standing(agent)).toEqual(AT_EASE);
    await acts.judgedFor(75);
    expect(await acts.statusOf(agent)).toBe("FAILED");
  });

  it("is judged alike by two at a time", async () => {
    plane.pass(33_000);
    const judge = () => plane.agents.watchAgain(plane.context("timers"), plane.clock.now());
    await plane.ladder.save({ due_at: plane.clock.now(), sighted_since: 0 });
    await Promise.all([judge(), judge(), judge()]);
    expect(await acts.rowOf(agent.agent_id)).toMatchObject({ silence: { misses: 1 } });
  });
});

describe("the judgement", () => {
  it("has itself asked again between two minutes while an agent is there, and only then", async () => {
    await plane.agents.watchBeats(plane.context("sweep"));
    expect(plane.timers.sent).toEqual([]);
    await acts.started();
    await plane.agents.watchBeats(plane.context("sweep"));
    const waits = plane.timers.sent.map(({ kind, due_at }) => [kind, due_at - START]);
    expect(waits).toEqual([
      ["ladder", 15_000],
      ["ladder", 30_000],
      ["ladder", 45_000],
    ]);
  });

  it("finds several misses one by one", async () => {
    await plane.agents.watchBeats(plane.context("sweep"));
    const agent = await acts.started();
    plane.pass(93_000);
    await plane.ladder.save({ due_at: plane.clock.now(), sighted_since: 0 });
    await plane.agents.watchAgain(plane.context("timers"), plane.clock.now());
    expect(await acts.rowOf(agent.agent_id)).toMatchObject({ status: "FAILED", silence: { misses: 3 } });
    // One write for its registration, one for its first beat, one for each miss.
    expect(await acts.rowOf(agent.agent_id)).toMatchObject({ version: 5 });
  });

  it("counts nothing for the time in which it was blind", async () => {
    await plane.agents.watchBeats(plane.context("sweep"));
    const agent = await acts.started();
    await acts.judgedFor(30);
    plane.pass(300_000);
    await plane.agents.watchBeats(plane.context("sweep"));
    expect(await acts.standing(agent)).toEqual(AT_EASE);
    await acts.judgedFor(30);
    expect(await acts.standing(agent)).toEqual(AT_EASE);
    await acts.judgedFor(15);
    expect(await acts.rowOf(agent.agent_id)).toMatchObject({ status: "IDLE", silence: { misses: 1 } });
  });

  it("leaves a message that comes far too late", async () => {
    await plane.agents.watchBeats(plane.context("sweep"));
    const before = await plane.ladder.load();
    plane.pass(60_000);
    await plane.agents.watchAgain(plane.context("timers"), START);
    expect(await plane.ladder.load()).toEqual(before);
  });

  it("takes a task back that its holder leaves out of two beats in a row", async () => {
    await plane.agents.watchBeats(plane.context("sweep"));
    const agent = await acts.started({ capacity: 2 });
    const [kept, lost] = [
      { task_id: TASK_A, fence: 3, at: START },
      { task_id: TASK_B, fence: 5, at: START },
    ];
    await plane.holds(agent.agent_id, kept, "0");
    await plane.holds(agent.agent_id, lost, "1");
    const naming = (n: number) => beat(n, { status: "RUNNING", current_task_ids: [TASK_A] });
    await acts.beatBy(agent, agent.token, naming(2));
    await acts.judgedFor(15, () => acts.beatBy(agent, agent.token, { ...naming(2) }));
    expect(plane.given.slots).toEqual([]);
    await acts.judgedFor(15, () => acts.beatBy(agent, agent.token, naming(3)));
    expect(plane.given.slots).toEqual([lost]);
    expect(await acts.rowOf(agent.agent_id)).toMatchObject({
      slots: { 0: kept },
      stopped: { [TASK_B]: START + 30_000 },
    });
    // Taken again under a new fence, it was not left out yet.
    await plane.holds(agent.agent_id, { ...lost, fence: 6 }, "1");
    await acts.judgedFor(15);
    expect(plane.given.slots).toEqual([lost]);
  });
});
