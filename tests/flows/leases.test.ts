import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { claimNext, completed, heldTask, makeWork, refusalOf, untilTask } from "../harness/work.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({ lease_seconds: 2 });
});
afterAll(() => plane.stop());

describe("a claim", () => {
  it("whose answer was lost gets the same task and fence when it is asked again with its key", async () => {
    const work = await makeWork(plane, [{}, {}]);
    const { client } = await work.agent({ capacity: 2 });
    const claim = (idempotency_key: string) => client.claimTasks({ body: {} }, { idempotency_key });
    const [first, again] = [await claim("first"), await claim("first")];
    expect(first.tasks).toHaveLength(1);
    expect(again.tasks).toEqual(first.tasks);
    const second = await claim("second");
    expect(second.tasks[0]?.task_id).not.toBe(first.tasks[0]?.task_id);
  });

  it("takes no more than the agent has slots for", async () => {
    const work = await makeWork(plane, [{}, {}, {}]);
    const { client } = await work.agent({ capacity: 2 });
    expect((await client.claimTasks({ body: { max: 10 } })).tasks).toHaveLength(2);
    expect((await client.claimTasks({ body: { max: 10 } })).tasks).toEqual([]);
  });
});

describe("a lost lease", () => {
  it("gives the task to the next agent, tells the old one to stop, and keeps what it brings", async () => {
    const { agent: old, params, fence, task, need } = await heldTask(plane);
    await untilTask(plane.operator, task.task_id, "ready");
    const other = await plane.agent({ capabilities: [need] });
    const taken = await claimNext(other);
    expect(taken).toMatchObject({ task_id: task.task_id, attempt: 2 });
    expect(taken.fence).toBeGreaterThan(fence);
    const late = await refusalOf(old.client.completeTask({ params, body: completed(fence, { output: "late" }) }));
    expect(late).toMatchObject({ status: 409, code: "task.lease_lost", extra: { action: "stop" } });
    await other.client.completeTask({ params, body: completed(taken.fence, { output: "in time" }) });
    const { items } = await plane.operator.listTaskAttempts({ params });
    expect(items).toMatchObject([
      { attempt: 1, fence, outcome: "lease_lost" },
      { outcome: "orphan", result: { output: "late" } },
      { attempt: 2, outcome: "completed", result: { output: "in time" } },
    ]);
    const seen = await plane.operator.getTask({ params });
    expect(seen).toMatchObject({ status: "completed", retry_count: 0, result: { output: "in time" } });
    expect(seen.errors).toMatchObject([{ kind: "lease_lost" }]);
  });

  it("does not come while progress is reported", async () => {
    const { agent, params, fence } = await heldTask(plane);
    const until = Date.now() + 5_000;
    while (Date.now() < until) {
      await agent.client.progressTask({ params, body: { fence, percent: 1 } });
      expect((await plane.operator.getTask({ params })).lease?.fence).toBe(fence);
    }
    await agent.client.completeTask({ params, body: completed(fence) });
  });
});
