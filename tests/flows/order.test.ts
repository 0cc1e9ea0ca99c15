import type { Agent } from "@omoios/sdk/agent";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";
import { claimNext, makeWork } from "../harness/work.ts";

let plane: TestPlane;
beforeAll(async () => {
  // Without spread, the order within a lane is exact.
  plane = await startTestPlane({ claim_spread_seconds: 0, pause_cache_ms: 0 });
});
afterAll(() => plane.stop());

async function claimAll(agent: Agent, count: number): Promise<string[]> {
  const taken: string[] = [];
  while (taken.length < count) taken.push((await claimNext(agent)).task_id);
  return taken;
}

describe("the order within a lane", () => {
  it("is that of priority, pressing deadlines and dependents, then of age", async () => {
    const soon = new Date(Date.now() - 6 * 3_600_000).toISOString();
    const { task_ids, agent } = await makeWork(plane, [
      { title: "low", priority: "LOW" },
      { title: "medium" },
      { title: "medium, waited for", ref: "waited" },
      { title: "low, long overdue", priority: "LOW", deadline_at: soon },
      { title: "critical", priority: "CRITICAL" },
      { title: "high", priority: "HIGH" },
      { title: "waits", depends_on: ["waited"] },
    ]);
    const taken = await claimAll(await agent({ capacity: 10 }), 6);
    const titles = ["low", "medium", "waited", "overdue", "critical", "high"];
    const order = taken.map((task_id) => titles[task_ids.indexOf(task_id)]);
    expect(order).toEqual(["overdue", "critical", "high", "waited", "medium", "low"]);
  });

  it("follows a change of priority", async () => {
    const { task_ids, agent } = await makeWork(plane, [{}, {}]);
    const [first = "", second = ""] = task_ids;
    await plane.operator.patchTask({ params: { task_id: second }, body: { priority: "CRITICAL" } });
    expect(await claimAll(await agent({ capacity: 2 }), 2)).toEqual([second, first]);
  });

  it("puts what an agent failed last for it", async () => {
    const { task_ids, agent } = await makeWork(plane, [{ priority: "CRITICAL" }, {}]);
    const worker = await agent();
    const task = await claimNext(worker);
    expect(task.task_id).toBe(task_ids[0]);
    const error = { message: "It did not work" };
    const params = { task_id: task.task_id };
    await worker.client.failTask({ params, body: { fence: task.fence, error } });
    await until("the retry was ready", async () => (await plane.operator.getTask({ params })).status === "ready");
    expect((await claimNext(worker)).task_id).toBe(task_ids[1]);
  });
});

describe("a task that nobody can take", () => {
  it("is explained by what each class of agents lacks", async () => {
    const { task_ids, need } = await makeWork(plane, [{ phase_id: "PHASE_TESTING" }]);
    await plane.agent({ capabilities: [need] });
    await plane.agent({ capabilities: ["lang:go"], phase_ids: ["PHASE_TESTING"] });
    const params = { task_id: task_ids[0] ?? "" };
    const match = await plane.operator.getTaskMatch({ params });
    expect(match.classes.find(({ capabilities }) => capabilities.includes(need))).toMatchObject({
      matches: false,
      agents: 1,
      missing: ["PHASE_TESTING"],
    });
    expect(match.classes.find(({ capabilities }) => capabilities.includes("lang:go"))).toMatchObject({
      matches: false,
      missing: [need],
    });
    await plane.agent({ capabilities: [need], phase_ids: ["PHASE_TESTING"] });
    const after = await plane.operator.getTaskMatch({ params });
    expect(after.classes.filter(({ matches }) => matches)).toMatchObject([{ missing: [], agents: 1 }]);
  });
});

describe("a pause", () => {
  it("stops claims and nothing else, until it ends", async () => {
    const { agent, task_ids } = await makeWork(plane, [{}, {}]);
    const worker = await agent({ capacity: 2 });
    const { task_id, fence } = await claimNext(worker);
    const left = { task_id: task_ids.find((id) => id !== task_id) ?? "" };
    const isPaused = async () => (await plane.operator.getTaskMatch({ params: left })).paused;
    expect(await isPaused()).toBe(false);
    await plane.operator.pause({ body: { reason: "release" } });
    expect((await worker.claim({})).tasks).toEqual([]);
    expect(await isPaused()).toBe(true);
    const body = { fence, result: { success: true } };
    expect(await worker.client.completeTask({ params: { task_id }, body })).toMatchObject({ status: "completed" });
    await plane.operator.resume({ body: {} });
    expect((await claimNext(worker)).task_id).not.toBe(task_id);
  });
});
