import { newId } from "@omoios/kernel/ids";
import { systemRandom } from "@omoios/kernel/random";
import { describe, expect, it } from "vitest";
import type { AgentActs } from "../../harness/agent-acts.ts";
import { beat, newPair, sign } from "../../harness/agent-keys.ts";
import { type AgentsPlane, START } from "../../harness/agents-plane.ts";
import { useAgentsPlane } from "../../harness/use-agents-plane.ts";

let plane: AgentsPlane;
let acts: AgentActs;
useAgentsPlane((made) => ({ plane, acts } = made));

describe("the first heartbeat", () => {
  it("proves the key, completes the registration and publishes it with the change", async () => {
    const agent = await acts.registered();
    plane.pass(5_000);
    const answer = await acts.beatBy(agent, await acts.assertionOf(agent), beat(1));
    expect(answer.body).toEqual({
      received: true,
      sequence_number: 1,
      expected_next: 2,
      gaps: [],
      time: "2026-01-05T10:00:05.000Z",
      action: "continue",
      stop_tasks: [],
      messages: [],
    });
    const row = await acts.rowOf(agent.agent_id);
    expect(row).toMatchObject({ status: "IDLE", version: 2 });
    expect(row?.due_at).toBeUndefined();
    expect(await plane.eventsOf("agent", agent)).toMatchObject([
      { type: "agent.registered", data: { agent_id: agent.agent_id, agent_name: row?.agent_name, version: 2 } },
      { type: "agent.status_changed", data: { from: "SPAWNING", to: "IDLE", why: "first heartbeat", status: "IDLE" } },
    ]);
    const { body } = await plane.call("GET", `/agents/${agent.agent_id}/registration`);
    expect(body.steps.at(-1)).toEqual({ step: "first_heartbeat", outcome: "done", at: "2026-01-05T10:00:05.000Z" });
    expect((await plane.call("GET", `/agents/${agent.agent_id}`)).body).toMatchObject({
      status: "IDLE",
      last_heartbeat_at: "2026-01-05T10:00:05.000Z",
    });
  });

  const refusals: { rule: string; claims?: Record<string, unknown>; pass?: number; code: string }[] = [
    { rule: "for another audience", claims: { aud: "omoios:other" }, code: "auth.invalid" },
    { rule: "without an audience", claims: { aud: undefined }, code: "auth.invalid" },
    { rule: "without a jti", claims: { jti: undefined }, code: "auth.invalid" },
    { rule: "with an empty jti", claims: { jti: "" }, code: "auth.invalid" },
    { rule: "without an end", claims: { exp: undefined }, code: "auth.invalid" },
    { rule: "of nobody", claims: { sub: newId("agent", systemRandom) }, code: "auth.invalid" },
    { rule: "that has expired", claims: { exp: START / 1000 - 31 }, code: "agent.clock" },
    { rule: "that is not valid yet", claims: { nbf: START / 1000 + 40 }, code: "agent.clock" },
    { rule: "that was signed in the future", claims: { iat: START / 1000 + 40 }, code: "agent.clock" },
    { rule: "that lasts more than five minutes", claims: { exp: START / 1000 + 340 }, code: "agent.clock" },
  ];
  it.each(refusals)("is refused with an assertion $rule", async ({ claims, code }) => {
    const agent = await acts.registered();
    const answer = await acts.beatBy(agent, await acts.assertionOf(agent, claims), beat(1));
    expect(answer).toMatchObject({ status: 401, body: { code } });
    expect(answer.body.server_time).toBe(code === "agent.clock" ? "2026-01-05T10:00:00.000Z" : undefined);
    expect(await acts.rowOf(agent.agent_id)).toMatchObject({ status: "SPAWNING", version: 1 });
  });

  it("is refused when another key signed it, or none", async () => {
    const agent = await acts.registered();
    const { private_key } = await newPair();
    const forged = await sign({ ...agent, private_key, now: START });
    const [header, payload] = (await acts.assertionOf(agent)).split(".");
    const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`;
    for (const bearer of [forged, none, `${header}.${payload}.`, "not-a-token", "omoi_sk_short"])
      expect(await acts.beatBy(agent, bearer, beat(1))).toMatchObject({ status: 401, body: { code: "auth.invalid" } });
    expect(await acts.rowOf(agent.agent_id)).toMatchObject({ status: "SPAWNING", version: 1 });
  });

  it("uses up its assertion, for itself and for a token", async () => {
    const agent = await acts.registered();
    const assertion = await acts.assertionOf(agent);
    expect(await acts.beatBy(agent, assertion, { ...beat(1), checksum: "0".repeat(64) })).toMatchObject({
      status: 422,
    });
    expect(await acts.beatBy(agent, assertion, beat(1))).toMatchObject({ status: 401 });
    expect(await acts.beatBy(agent, await acts.assertionOf(agent), beat(1))).toMatchObject({ status: 200 });
    expect(await acts.buy(agent, assertion)).toMatchObject({ status: 401, body: { code: "auth.invalid" } });
  });

  it("is the only call that takes an assertion, and only as long as the agent is SPAWNING", async () => {
    const agent = await acts.registered();
    expect(await plane.call("GET", "/whoami", { key: await acts.assertionOf(agent) })).toMatchObject({ status: 401 });
    const other = await acts.registered();
    expect(await acts.beatBy(other, await acts.assertionOf(agent), beat(1))).toMatchObject({ status: 403 });
    await acts.beatBy(agent, await acts.assertionOf(agent), beat(1));
    expect(await acts.beatBy(agent, await acts.assertionOf(agent), beat(2))).toMatchObject({
      status: 401,
      body: { code: "auth.invalid" },
    });
  });

  it("comes twice at once and completes the registration once", async () => {
    const agent = await acts.registered();
    const assertions = await Promise.all([acts.assertionOf(agent), acts.assertionOf(agent)]);
    const answers = await Promise.all(assertions.map((assertion, n) => acts.beatBy(agent, assertion, beat(n + 1))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await acts.rowOf(agent.agent_id)).toMatchObject({ status: "IDLE", version: 2 });
  });
});
