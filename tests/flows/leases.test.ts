import { toRfc3339 } from "@omoios/kernel/clock";
import { expect, it, onTestFinished } from "vitest";
import { startChangingPlane, startTestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";
import { claimNext, completed, heldTask, refusalOf, untilTask } from "../harness/work.ts";

it("a lost lease gives the task to the next agent, tells the old one to stop, and keeps what it brings", async () => {
  const changing = await startChangingPlane({ lease_seconds: 1 });
  onTestFinished(changing.stop);
  const { agent: old, params, fence, task, need } = await heldTask(changing.plane);
  // Whoever takes it next has the time that it needs.
  await changing.change({});
  const { plane } = changing;
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

it("a holder that promised a later beat keeps its task until then, and is not stuck for it", async () => {
  const plane = await startTestPlane({ lease_seconds: 1, renewals_without_progress: 2 });
  onTestFinished(plane.stop);
  const { agent, params, fence, task } = await heldTask(plane);
  const next_by = toRfc3339(Date.now() + 5 * 60_000);
  const beaten_at = Date.now();
  await agent.heartbeat({ status: "RUNNING", current_task_ids: [task.task_id], health_metrics: {}, next_by });
  const seen = await until("its lease was renewed long after the beat, or lost", async () => {
    const { status, lease, stuck } = await plane.operator.getTask({ params });
    return Date.parse(lease?.expires_at ?? next_by) > beaten_at + 6_000 && { status, fence: lease?.fence, stuck };
  });
  expect(seen).toEqual({ status: "running", fence, stuck: false });
  await agent.client.completeTask({ params, body: completed(fence) });
});
