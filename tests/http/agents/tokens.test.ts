import { newId } from "@omoios/kernel/ids";
import { systemRandom } from "@omoios/kernel/random";
import { describe, expect, it } from "vitest";
import type { AgentActs } from "../../harness/agent-acts.ts";
import type { AgentsPlane } from "../../harness/agents-plane.ts";
import { useAgentsPlane } from "../../harness/use-agents-plane.ts";

let plane: AgentsPlane;
let acts: AgentActs;
useAgentsPlane((made) => ({ plane, acts } = made));

describe("access tokens", () => {
  it("are bought once per assertion and tell who calls", async () => {
    const agent = await acts.started();
    const assertion = await acts.assertionOf(agent);
    const bought = await acts.buy(agent, assertion);
    expect(bought.body).toMatchObject({ token_type: "Bearer", expires_in: 900 });
    expect(await acts.buy(agent, assertion)).toMatchObject({ status: 401, body: { code: "auth.invalid" } });
    expect((await plane.call("GET", "/whoami", { key: bought.body.access_token })).body).toMatchObject({
      principal: agent.agent_id,
      kind: "agent",
      authority: "WORKER",
      scopes: [],
      agent: { agent_id: agent.agent_id, status: "IDLE" },
    });
  });

  it("are not for agents that have not started, nor for a missing or foreign assertion", async () => {
    const [spawning, living] = [await acts.registered(), await acts.started()];
    expect(await acts.buy(spawning, await acts.assertionOf(spawning))).toMatchObject({
      status: 409,
      body: { code: "agent.not_started" },
    });
    for (const assertion of [undefined, "nonsense", await acts.assertionOf(spawning)])
      expect(await acts.buy(living, assertion)).toMatchObject({ status: 401, body: { code: "auth.invalid" } });
    const nobody = { ...living, agent_id: newId("agent", systemRandom) };
    expect(await acts.buy(nobody, await acts.assertionOf(nobody))).toMatchObject({ status: 401 });
  });

  it("end after their time, and are void at once under another epoch", async () => {
    const agent = await acts.started();
    plane.pass(900_000);
    expect(await plane.call("GET", "/whoami", { key: agent.token })).toMatchObject({ status: 401 });
    const { access_token: key } = (await acts.buy(agent, await acts.assertionOf(agent))).body;
    const before = await acts.rowOf(agent.agent_id);
    if (before === undefined) throw new Error("no row");
    await plane.commit(plane.context(), [{ kind: "agent", before, after: { ...before, epoch: before.epoch + 1 } }]);
    expect(await plane.call("GET", "/whoami", { key })).toMatchObject({ status: 401, body: { code: "auth.invalid" } });
  });

  it("of one who signed them with a key of his own are no tokens", async () => {
    const agent = await acts.started();
    const [header, payload, signature = ""] = agent.token.split(".");
    const flipped = signature.startsWith("A") ? "B" : "A";
    const raised = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(payload ?? "", "base64url").toString()), epoch: 99 }),
    ).toString("base64url");
    for (const key of [`${header}.${payload}.${flipped}${signature.slice(1)}`, `${header}.${raised}.${signature}`])
      expect(await plane.call("GET", "/whoami", { key })).toMatchObject({ status: 401 });
  });
});
