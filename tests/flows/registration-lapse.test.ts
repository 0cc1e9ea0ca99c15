import { createAgent } from "@omoios/sdk/agent";
import { generateAgentKey, keyId, publicHalf } from "@omoios/sdk/agent-key";
import { registerAgent } from "@omoios/sdk/register-agent";
import { expect, it, onTestFinished } from "vitest";
import { startTestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";
import { refusalOf } from "../harness/work.ts";

const WORKER = { agent_type: "worker", phase_ids: ["PHASE_TESTING"], capabilities: [], version: "1.0.0" } as const;

it("a registration without its first heartbeat is ended by its timer, and leaves nothing that could claim", async () => {
  const plane = await startTestPlane({ first_heartbeat_seconds: 2 }, { sweepless: true });
  onTestFinished(plane.stop);
  const { identity, registered } = await registerAgent(plane.operator, WORKER);
  const thief = await generateAgentKey();
  const forged = createAgent({ url: plane.url, ...identity, private_key: { ...thief.private_key } });
  expect(await keyId(thief.private_key)).not.toBe(registered.key_id);
  expect(await refusalOf(forged.start())).toMatchObject({ status: 401 });

  const params = { agent_id: registered.agent_id };
  const ended = await until("the registration ended", async () => {
    const agent = await plane.operator.getAgent({ params });
    return agent.status === "TERMINATED" && agent;
  });
  expect(ended.current_task_ids).toEqual([]);
  const { steps } = await plane.operator.getAgentRegistration({ params });
  expect(steps.at(-1)).toMatchObject({ step: "first_heartbeat", outcome: "failed" });
  await until("its failure was published", async () => {
    const { items } = await plane.operator.listEvents({ query: { subject: params.agent_id } });
    return items.some(({ type }) => type === "agent.registration_failed");
  });
  const late = createAgent({ url: plane.url, ...identity });
  for (const call of [() => late.start(), () => late.claim({})])
    expect(await refusalOf(call())).toMatchObject({
      status: 409,
      code: "agent.ended",
      extra: { action: "register" },
    });
  // Its key is free again.
  const key = { private_key: identity.private_key, public_key: publicHalf(identity.private_key) };
  await registerAgent(plane.operator, { ...WORKER, replaces: params.agent_id }, { key });
});
