import { beforeEach, describe, expect, it } from "vitest";
import type { AgentActs } from "../../harness/agent-acts.ts";
import { beat } from "../../harness/agent-keys.ts";
import type { AgentsPlane } from "../../harness/agents-plane.ts";
import { useAgentsPlaneAlone } from "../../harness/use-agents-plane.ts";

type Started = Awaited<ReturnType<AgentActs["started"]>>;

let plane: AgentsPlane;
let acts: AgentActs;
// A message to all goes to every agent of a table, so that each test has tables of its own.
useAgentsPlaneAlone((made) => ({ plane, acts } = made));

const send = (channel: string, body: unknown = "hello", headers: Record<string, string> = {}) =>
  plane.call("POST", "/agents/messages", { body: { channel, body }, headers });
const beats = async (agent: Started, n: number, given: Record<string, unknown> = {}) =>
  (await acts.beatBy(agent, agent.token, beat(n, given))).body;
const judge = () => plane.agents.watchAgain(plane.context("timers"), plane.clock.now());
const statusOf = async ({ agent_id }: Started) => (await acts.rowOf(agent_id))?.status;

describe("a message to a channel", () => {
  it("comes with each heartbeat of its agents until it is acknowledged", async () => {
    const agent = await acts.started();
    const body = { text: "Pull before you push", since: 3 };
    const sent = await send("broadcast", body);
    expect(sent).toMatchObject({ status: 201, body: { channel: "broadcast", agents: 1, full: 0 } });
    const { message_id } = sent.body;
    const { rows } = await plane.log.ofSubject("broadcast", {});
    expect(rows).toMatchObject([{ type: "agent.message.sent", data: { message_id, channel: "broadcast" } }]);
    await send("shutdown", "now");
    const first = { number: 1, channel: "broadcast", body };
    const second = { number: 2, channel: "shutdown", body: "now" };
    expect((await beats(agent, 2)).messages).toEqual([first, second]);
    expect((await beats(agent, 3, { acked: 1 })).messages).toEqual([second]);
    expect((await beats(agent, 4)).messages).toEqual([second]);
    expect((await beats(agent, 5, { acked: 2 })).messages).toEqual([]);
    await send("broadcast");
    expect((await beats(agent, 6, { acked: 2 })).messages).toEqual([
      { number: 3, channel: "broadcast", body: "hello" },
    ]);
  });

  it("of a phase is for the agents of that phase as they are then", async () => {
    const [coder, tester] = [await acts.started(), await acts.started({ phase_ids: ["PHASE_TESTING"] })];
    expect((await send("phase:PHASE_TESTING")).body).toMatchObject({ agents: 1 });
    expect((await beats(coder, 2)).messages).toEqual([]);
    expect((await beats(tester, 2)).messages).toMatchObject([{ number: 1, channel: "phase:PHASE_TESTING" }]);
    const phase_ids = ["PHASE_IMPLEMENTATION", "PHASE_TESTING"];
    await plane.call("PATCH", `/agents/${coder.agent_id}`, { body: { phase_ids } });
    expect((await send("phase:PHASE_TESTING")).body).toMatchObject({ agents: 2 });
    expect((await beats(coder, 3)).messages).toMatchObject([{ number: 1 }]);
  });

  it("comes with a claim as well, which may acknowledge it", async () => {
    const agent = await acts.started();
    const row = await acts.rowOf(agent.agent_id);
    if (row === undefined) throw new Error("The agent is gone");
    const claim = (acked?: number) => plane.agents.mail(plane.context(), row, acked);
    expect(await claim()).toEqual([]);
    await send("broadcast", "one");
    await send("broadcast", "two");
    expect(await claim()).toMatchObject([{ number: 1, body: "one" }, { number: 2 }]);
    expect(await claim(1)).toMatchObject([{ number: 2, body: "two" }]);
    expect((await beats(agent, 2)).messages).toMatchObject([{ number: 2 }]);
    expect(await claim(2)).toEqual([]);
    expect((await beats(agent, 3)).messages).toEqual([]);
  });

  it("is sent once under one key, and said again as it was", async () => {
    const agent = await acts.started();
    const headers = { "idempotency-key": "message-1" };
    const first = await send("broadcast", "once", headers);
    expect((await send("broadcast", "once", headers)).body).toEqual(first.body);
    expect((await beats(agent, 2)).messages).toHaveLength(1);
  });

  it("is delivered in the end where the process died over it", async () => {
    const [before, lost] = [await acts.started(), await acts.started()];
    const { message_id } = (await send("broadcast", "all of you")).body;
    const row = await plane.store.get("message", { message_id });
    const pulse = await plane.pulse.get(lost.agent_id);
    if (row === undefined || pulse === undefined) throw new Error("They are gone");
    // As it was left: due, with one agent told.
    const context = plane.context();
    await plane.commit(context, [{ kind: "message", before: row, after: { ...row, due_at: plane.clock.now() } }]);
    await plane.pulse.open({ ...pulse, mail: undefined, mail_last: undefined });
    await plane.agents.messageIsDue(plane.context("timers"), message_id);
    expect((await beats(before, 2)).messages).toHaveLength(1);
    expect((await beats(lost, 2)).messages).toHaveLength(1);
    expect(await plane.store.get("message", { message_id })).toMatchObject({ agents: 2, full: 0 });
  });

  it("finds a box full where eight are not acknowledged, and the answer says so", async () => {
    const [deaf, good] = [await acts.started(), await acts.started()];
    for (let n = 1; n <= 8; n++) await send("broadcast", `message ${n}`);
    await beats(good, 2, { acked: 8 });
    expect((await send("broadcast", "one too many")).body).toMatchObject({ agents: 1, full: 1 });
    expect((await beats(deaf, 2)).messages).toHaveLength(8);
    expect((await beats(good, 3)).messages).toMatchObject([{ number: 9 }]);
  });

  it.each([
    ["of a phase that no workflow has", { channel: "phase:PHASE_NOWHERE", body: "x" }, "/channel"],
    ["without a name", { channel: "phase:", body: "x" }, "/channel"],
    ["of nobody", { channel: "everyone", body: "x" }, "/channel"],
    ["that is empty", { channel: "broadcast", body: "" }, "/body"],
    ["that is too long", { channel: "broadcast", body: "x".repeat(4_095) }, "/body"],
  ])("%s is refused", async (_which, body, path) => {
    const answer = await plane.call("POST", "/agents/messages", { body });
    expect(answer).toMatchObject({ status: 422, body: { code: "request.invalid", errors: [{ path }] } });
  });
});

describe("an agent that does not acknowledge", () => {
  let agent: Started;
  beforeEach(async () => {
    await plane.agents.watchBeats(plane.context("sweep"));
    agent = await acts.started();
  });

  it("is DEGRADED after three beats, with the reason in its history, and back with the beat that acknowledges", async () => {
    await send("broadcast");
    for (const n of [2, 3]) await beats(agent, n);
    await judge();
    expect(await statusOf(agent)).toBe("IDLE");
    await beats(agent, 4);
    await judge();
    expect(await statusOf(agent)).toBe("DEGRADED");
    await judge();
    await beats(agent, 5, { acked: 99 });
    await beats(agent, 6);
    expect(await statusOf(agent)).toBe("DEGRADED");
    await beats(agent, 7, { acked: 1 });
    await judge();
    expect(await statusOf(agent)).toBe("IDLE");
    const { body } = await plane.call("GET", `/agents/${agent.agent_id}/history`);
    expect(body.items.slice(0, 2)).toMatchObject([
      { from: "DEGRADED", to: "IDLE", why: "acknowledges its messages again" },
      { from: "IDLE", to: "DEGRADED", why: "has not acknowledged message 1 in 3 heartbeats" },
    ]);
  });

  it("is not DEGRADED where it acknowledges with its claims", async () => {
    await send("broadcast");
    await beats(agent, 2);
    const row = await acts.rowOf(agent.agent_id);
    if (row === undefined) throw new Error("The agent is gone");
    await plane.agents.mail(plane.context(), row, 1);
    for (const n of [3, 4, 5]) await beats(agent, n);
    await judge();
    expect(await statusOf(agent)).toBe("IDLE");
  });
});
