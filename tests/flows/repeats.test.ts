import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { handler as sweep } from "../../functions/schedules/sweep.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";
import { completed, heldTask, keepBeating } from "../harness/work.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({ lease_seconds: 4, renewals_without_progress: 1 }, { sweepless: true });
});
afterAll(() => plane.stop());

const gauges = async (agent_id: string) => {
  await sweep();
  const labels: Record<string, string> = { agent_id };
  const { items } = await plane.operator.listSeries({ query: labels });
  const of = (name: string) => items.find(({ metric_name }) => metric_name === name)?.value;
  return { repeats: of("agent.repeated_events") ?? 0, tokens: of("agent.tokens_without_change") ?? 0 };
};

it("an agent that goes round between two acts becomes stuck though it speaks, and its gauges rise", async () => {
  const { agent, params, fence } = await heldTask(plane);
  const says = (event_hash: string) =>
    agent.client.progressTask({ params, body: { fence, percent: 20, event_hash, usage: { tokens: 1_000 } } });
  const stuck = async () => (await plane.operator.getTask({ params })).stuck;
  onTestFinished(keepBeating(agent, [params.task_id]));
  let said = 0;
  await until("the task is stuck", async () => {
    await says(said % 2 === 0 ? "read parser.ts" : "run tests");
    said += 1;
    return stuck();
  });
  expect(await gauges(agent.agent_id)).toEqual({ repeats: said - 2, tokens: (said - 2) * 1_000 });
  await says("write parser.ts");
  expect(await stuck()).toBe(false);
  expect(await gauges(agent.agent_id)).toEqual({ repeats: 0, tokens: 0 });
  await says("write parser.ts");
  expect(await gauges(agent.agent_id)).toEqual({ repeats: 1, tokens: 1_000 });
  await agent.client.completeTask({ params, body: completed(fence) });
  expect(await gauges(agent.agent_id)).toEqual({ repeats: 0, tokens: 0 });
  const { items } = await plane.operator.listTaskEvents({ params });
  expect(items.map(({ type }) => type)).toContain("task.stuck");
});
