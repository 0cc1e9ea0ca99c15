import type { Tables } from "@omoios/adapters/dynamodb/client";
import { defaultLimits } from "@omoios/contracts/default-limits";
import { calculateJwkThumbprint } from "jose";
import { describe, expect, it } from "vitest";
import { type AgentActs, agentActs, type Registered } from "../../harness/agent-acts.ts";
import { beat, newPair } from "../../harness/agent-keys.ts";
import { type AgentsPlane, agentsPlane } from "../../harness/agents-plane.ts";
import { useAgentsPlane } from "../../harness/use-agents-plane.ts";

let tables: Tables;
let plane: AgentsPlane;
let acts: AgentActs;
useAgentsPlane((made) => ({ tables, plane, acts } = made));

const rotate = (agent: Registered & { token: string }, public_key: unknown) =>
  plane.call("POST", `/agents/${agent.agent_id}/keys`, { key: agent.token, body: { public_key } });
const recycle = (agent: Registered) =>
  plane.call("POST", `/agents/${agent.agent_id}/recycle-token`, { body: { reason: "its disk was copied" } });
const whoami = (key: string) => plane.call("GET", "/whoami", { key });

describe("a new key", () => {
  it("takes the old one's place without a gap", async () => {
    const agent = await acts.started();
    const pair = await newPair();
    const key_id = await calculateJwkThumbprint(pair.public_key);
    const answer = await rotate(agent, pair.public_key);
    expect(answer).toMatchObject({ status: 201, body: { key_id, old_key_until: "2026-01-05T10:05:00.000Z" } });
    expect(await plane.eventsOf("agent", agent)).toMatchObject([{ type: "agent.key_rotated", data: { key_id } }]);

    const renewed = { ...agent, key_id, private_key: pair.private_key };
    const byNew = await acts.buy(agent, await acts.assertionOf(renewed));
    const byOld = await acts.buy(agent, await acts.assertionOf(agent));
    plane.pass(299_999);
    for (const key of [agent.token, byNew.body.access_token, byOld.body.access_token])
      expect(await whoami(key)).toMatchObject({ status: 200 });
    plane.pass(1);
    for (const key of [agent.token, byOld.body.access_token]) expect(await whoami(key)).toMatchObject({ status: 401 });
    expect(await whoami(byNew.body.access_token)).toMatchObject({ status: 200 });
    expect(await acts.buy(agent, await acts.assertionOf(agent))).toMatchObject({ status: 401 });
    expect(await acts.buy(agent, await acts.assertionOf(renewed))).toMatchObject({ status: 200 });
  });

  it("is put once, however often it is asked for", async () => {
    const agent = await acts.started();
    const { public_key } = await newPair();
    const first = await rotate(agent, public_key);
    const again = await rotate(agent, public_key);
    expect(again.body).toEqual(first.body);
    expect(await acts.rowOf(agent.agent_id)).toMatchObject({ version: 3 });
  });

  it("is nobody else's, neither now nor before", async () => {
    const [agent, pair] = [await acts.started(), await newPair()];
    await acts.registered({}, pair);
    expect(await rotate(agent, pair.public_key)).toMatchObject({ status: 409, body: { code: "agent.key_in_use" } });
    const { public_key } = await newPair();
    await rotate(agent, public_key);
    const old = { kty: "OKP", crv: "Ed25519", x: agent.private_key.x };
    expect(await rotate(agent, old)).toMatchObject({ status: 409, body: { code: "agent.key_retired" } });
    expect(await rotate(agent, { ...public_key, x: `${public_key.x.slice(0, 42)}B` })).toMatchObject({ status: 422 });
    expect(await rotate(agent, { ...public_key, d: "secret" })).toMatchObject({ status: 422 });
  });
});

describe("a recycled token", () => {
  it("is void at once with its key, for calls, beats and new tokens", async () => {
    const agent = await acts.started();
    const assertion = await acts.assertionOf(agent);
    const inFlight = await acts.rowOf(agent.agent_id);
    expect(await recycle(agent)).toMatchObject({ status: 200, body: { agent_id: agent.agent_id } });
    expect(await plane.eventsOf("agent", agent)).toMatchObject([
      { type: "agent.key_revoked", data: { key_id: agent.key_id, reason: "its disk was copied" } },
    ]);
    expect(await whoami(agent.token)).toMatchObject({ status: 401, body: { code: "auth.invalid" } });
    expect(await acts.beatBy(agent, agent.token, beat(2))).toMatchObject({ status: 401 });
    expect(await acts.buy(agent, assertion)).toMatchObject({ status: 401 });
    // A beat that was let in just before meets the raised epoch in the pulse.
    if (inFlight === undefined) throw new Error("no row");
    const late = plane.agents.heartbeat(plane.context(), inFlight, beat(2) as never);
    await expect(late).rejects.toMatchObject({ code: "agent.ended" });
    expect(await plane.pulse.get(agent.agent_id)).toMatchObject({ sequence: 1, epoch: 2 });
  });

  it("is answered again under the same idempotency key, and no other request is taken under it", async () => {
    const agent = await acts.started();
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const path = `/agents/${agent.agent_id}/recycle-token`;
    const say = (reason: string) => plane.call("POST", path, { body: { reason }, headers });
    const first = await say("its disk was copied");
    const again = await say("its disk was copied");
    expect([again.status, again.body, again.headers.get("idempotency-replayed")]).toEqual([200, first.body, "true"]);
    expect(await say("another reason")).toMatchObject({ status: 409, body: { code: "idempotency.key_reused" } });
    expect(await plane.eventsOf("agent", agent)).toHaveLength(1);
  });

  it("ends the key for good, also when its agent ends", async () => {
    const pair = await newPair();
    const agent = await acts.registered({}, pair);
    await recycle(agent);
    const register = () =>
      plane.call("POST", "/agents/register", {
        body: { agent_type: "monitor", phase_ids: [], capabilities: [], version: "1.0.0", public_key: pair.public_key },
      });
    expect(await register()).toMatchObject({ status: 409, body: { code: "agent.key_retired" } });
    await plane.call("DELETE", `/agents/${agent.agent_id}`);
    expect(await register()).toMatchObject({ status: 409, body: { code: "agent.key_retired" } });
    expect(await recycle(agent)).toMatchObject({ status: 409, body: { code: "agent.ended" } });
  });

  it("proves no more which agent it was, once that has ended", async () => {
    const [recycled, ended] = [await acts.started(), await acts.started()];
    await recycle(recycled);
    for (const { agent_id } of [recycled, ended]) await plane.call("DELETE", `/agents/${agent_id}`);
    const answer = { status: 409, body: { code: "agent.ended", action: "register" } };
    const [by_recycled, by_ended] = [await whoami(recycled.token), await whoami(ended.token)];
    expect([by_recycled, by_ended]).toMatchObject([answer, { ...answer, body: { agent_id: ended.agent_id } }]);
    expect(by_recycled.body).not.toHaveProperty("agent_id");
  });

  it("is recycled once", async () => {
    const agent = await acts.started();
    await recycle(agent);
    expect(await recycle(agent)).toMatchObject({ status: 200 });
    expect(await acts.rowOf(agent.agent_id)).toMatchObject({ epoch: 2 });
  });
});

describe("the order to take a new key", () => {
  const order = ({ agent_id }: Registered, body: unknown = { reason: "it was on a lost laptop" }) =>
    plane.call("POST", `/agents/${agent_id}/rotate-key`, { body });
  const acting = async (agent: Registered & { token: string }, n: number) =>
    (await acts.beatBy(agent, agent.token, beat(n))).body.action;

  it("comes with each beat until the key is another", async () => {
    const agent = await acts.started();
    expect(await acting(agent, 2)).toBe("continue");
    expect(await order(agent)).toMatchObject({ status: 200, body: { agent_id: agent.agent_id } });
    expect(await plane.eventsOf("agent", agent)).toMatchObject([
      { type: "agent.key_rotation_requested", data: { key_id: agent.key_id, reason: "it was on a lost laptop" } },
    ]);
    expect([await acting(agent, 3), await acting(agent, 4)]).toEqual(["rotate_key", "rotate_key"]);
    await rotate(agent, (await newPair()).public_key);
    expect(await acting(agent, 5)).toBe("continue");
  });

  it("comes by itself for a key that is too old", async () => {
    plane = await agentsPlane(tables, { limits: { agents: { ...defaultLimits.agents, key_max_age_days: 0.001 } } });
    acts = agentActs(plane);
    const agent = await acts.started();
    plane.pass(86_400);
    expect(await acting(agent, 2)).toBe("continue");
    plane.pass(1);
    expect(await acting(agent, 3)).toBe("rotate_key");
    await rotate(agent, (await newPair()).public_key);
    expect(await acting(agent, 4)).toBe("continue");
  });

  it("is not given to an agent that has ended", async () => {
    const agent = await acts.started();
    await plane.call("DELETE", `/agents/${agent.agent_id}`);
    expect(await order(agent)).toMatchObject({ status: 409, body: { code: "agent.ended" } });
  });
});
