import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { completed, makeWork } from "../harness/work.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane();
});
afterAll(() => plane.stop());

describe("an agent out of quarantine", () => {
  it("takes one task at a time until it has completed one", async () => {
    const work = await makeWork(plane, [{}, {}, {}]);
    const agent = await work.agent({ capacity: 3 });
    const params = { agent_id: agent.agent_id };
    await plane.operator.quarantineAgent({ params, body: { reason: "odd" } });
    expect((await agent.claim({ max: 3 })).tasks).toEqual([]);
    await plane.operator.releaseAgent({ params, body: { note: "looked at it" } });
    await agent.heartbeat({ status: "IDLE", current_task_ids: [], health_metrics: {} });
    const [probe, ...more] = (await agent.claim({ max: 3 })).tasks;
    expect(more).toEqual([]);
    if (probe === undefined) throw new Error("It got no task");
    await agent.client.completeTask({ params: probe, body: completed(probe.fence) });
    expect((await agent.claim({ max: 3 })).tasks).toHaveLength(2);
    await plane.operator.deleteAgent({ params, body: {} });
    expect(await plane.operator.getAgentHealth({ params })).toMatchObject({ status: "RUNNING", free_capacity: 0 });
  });
});
