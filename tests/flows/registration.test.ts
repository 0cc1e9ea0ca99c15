import { runAgent } from "@omoios/runner/run-agent";
import { createAgent } from "@omoios/sdk/agent";
import { registerAgent } from "@omoios/sdk/register-agent";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";

const WORKER = {
  agent_type: "worker",
  phase_ids: ["PHASE_TESTING"],
  capabilities: ["lang:ts"],
  version: "1.0.0",
} as const;

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({ restart_grace_seconds: 1 });
});
afterAll(() => plane.stop());

describe("a registration", () => {
  it("has five steps, each with its time, and the last is the agent's own word", async () => {
    const { identity, registered } = await registerAgent(plane.operator, WORKER);
    await createAgent({ url: plane.url, ...identity }).start();
    const { steps } = await plane.operator.getAgentRegistration({ params: registered });
    expect(steps.map(({ step, outcome }) => [step, outcome])).toEqual([
      ["pre_validation", "done"],
      ["identity", "done"],
      ["registry_entry", "done"],
      ["subscription", "done"],
      ["first_heartbeat", "done"],
    ]);
    await until("the registration is in the log", async () => {
      const { items } = await plane.operator.listEvents({ query: { subject: registered.agent_id } });
      return items.some(({ type }) => type === "agent.registered");
    });
  });
});

describe("a runner that holds a registration key only", () => {
  const TOMORROW = new Date(Date.now() + 86_400_000).toISOString();

  /** A runner under a key with so many uses, and its agents, each found once it is there. */
  async function started(uses: number) {
    const key = await plane.operator.createApiKey({
      body: { kind: "registration", name: "fleet", uses, expires_at: TOMORROW },
    });
    const need = crypto.randomUUID();
    const run = runAgent({
      url: plane.url,
      api_key: key.api_key,
      command: "true",
      phase_ids: [...WORKER.phase_ids],
      capabilities: [need],
      heartbeat_ms: { idle: 200, running: 200 },
      claim_wait_ms: 0,
    });
    const agentOf = (not?: string) =>
      until("the runner had an agent", async () => {
        const { items } = await plane.operator.searchAgents({ query: { capabilities: need } });
        return items.find(({ agent_id }) => agent_id !== not)?.agent_id;
      });
    return { run, key_id: key.key_id, first: await agentOf(), agentOf };
  }

  /** What such a runner does when its agent is restarted. */
  async function restarted(uses: number) {
    const { run, key_id, first, agentOf } = await started(uses);
    const finished = run.finished.then(
      () => "ended",
      (refusal: unknown) => refusal,
    );
    await plane.operator.restartAgent({ params: { agent_id: first }, body: { reason: "it hangs" } });
    const ended = async (): Promise<never> => {
      throw new Error("The runner ended", { cause: await finished });
    };
    return { run, first, finished, key_id, second: () => Promise.race([agentOf(first), ended()]) };
  }

  it("ends its agent itself when it ends as planned, so that nobody waits for its heartbeats", async () => {
    const { run, first } = await started(1);
    run.stop("the work is done");
    await run.finished;
    const params = { agent_id: first };
    expect(await plane.operator.getAgent({ params })).toMatchObject({ status: "TERMINATED" });
    const { items } = await plane.operator.listAgentHistory({ params });
    expect(items[0]).toMatchObject({ to: "TERMINATED", why: "the runner finished", by: { kind: "agent", id: first } });
  });

  it("comes back as the replacement of an agent that is restarted, once the plane has ended that one", async () => {
    const { run, first, finished, key_id, second } = await restarted(2);
    const agent_id = await second();
    expect(await plane.operator.getAgent({ params: { agent_id } })).toMatchObject({ replaces: first, status: "IDLE" });
    const before = await plane.operator.getAgent({ params: { agent_id: first } });
    expect(before).toMatchObject({ status: "TERMINATED" });
    const { items } = await plane.operator.listApiKeys({ query: { limit: 100 } });
    expect(items.find((key) => key.key_id === key_id)).toMatchObject({ uses: 2, used: 2 });
    run.stop("the test is over");
    expect(await finished).toBe("ended");
  });

  it("ends with the refusal where the key has no use left", async () => {
    const { finished } = await restarted(1);
    expect(await finished).toMatchObject({ code: "auth.key_used_up" });
  });
});
