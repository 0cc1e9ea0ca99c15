import type { Agent } from "@omoios/sdk/agent";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";
import { claimNext, completed, heldTask, makeWork, refusalOf, untilTask } from "../harness/work.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({ retry_base_ms: 100 });
});
afterAll(() => plane.stop());

const fail = ({ client }: Agent, { task_id, fence }: { task_id: string; fence: number }, message: string) =>
  client.failTask({ params: { task_id }, body: { fence, error: { message } } });
const letterOf = async (task_id: string) =>
  (await plane.operator.listDeadLetters()).items.find((row) => row.task_id === task_id);

describe("a failed attempt", () => {
  it("is tried again after its back-off, as often as the task allows, each time with what went wrong before", async () => {
    const { agent, task } = await heldTask(plane, { max_retries: 2 });
    const seen: string[][] = [];
    let current = task;
    for (const message of ["first thing", "second thing"]) {
      seen.push(current.context.errors);
      const scheduled = await fail(agent, current, message);
      expect(scheduled).toMatchObject({ status: "pending", pending_reason: "backoff" });
      const failedAt = Date.parse(scheduled.errors.at(-1)?.at ?? "");
      expect(Date.parse(scheduled.ready_at ?? "") - failedAt).toBeGreaterThanOrEqual(75);
      current = await claimNext(agent);
    }
    expect([...seen, current.context.errors]).toEqual([[], ["first thing"], ["first thing", "second thing"]]);
    const last = await fail(agent, current, "third thing");
    expect(last).toMatchObject({ status: "failed", failure: "exhausted", attempt: 3, retry_count: 2 });
    expect(await letterOf(task.task_id)).toMatchObject({
      status: "open",
      attempt: 3,
      error: { message: "third thing" },
    });
  });

  it("of the same kind three times in a row stops the retries early", async () => {
    const { agent, task } = await heldTask(plane, { max_retries: 50 });
    let current = task;
    for (const port of [8001, 8002]) {
      await fail(agent, current, `connect ECONNREFUSED 127.0.0.1:${port}`);
      current = await claimNext(agent);
    }
    const last = await fail(agent, current, "connect ECONNREFUSED 127.0.0.1:8003");
    expect(last).toMatchObject({ status: "failed", failure: "exhausted", retry_count: 2 });
  });

  it("is final where its message says so", async () => {
    const { agent, task } = await heldTask(plane);
    const failed = await fail(agent, task, "Permission Denied: the repository");
    expect(failed).toMatchObject({ status: "failed", failure: "permanent", attempt: 1 });
    expect(failed.errors).toMatchObject([{ kind: "permanent", message: "Permission Denied: the repository" }]);
    const query = { phase_id: "PHASE_BACKLOG", status: "failed", error_kind: "permanent" } as const;
    const { items } = await plane.operator.listTasks({ query });
    expect(items.map(({ task_id }) => task_id)).toContain(task.task_id);
  });

  it("is final or not by the agent's own word first", async () => {
    const { agent, params, fence } = await heldTask(plane);
    const error = { message: "File not found", retryable: true };
    expect(await agent.client.failTask({ params, body: { fence, error } })).toMatchObject({ status: "pending" });
  });
});

describe("a time-out", () => {
  it("ends the attempt when it took longer than it may, and is tried again from a fresh start", async () => {
    const { agent, task, params, fence } = await heldTask(plane, { timeout_seconds: 1, max_retries: 1 });
    await until("the first attempt timed out", async () => {
      const { items } = await plane.operator.listTaskAttempts({ params });
      return items[0]?.outcome === "timed_out" && items[0];
    }).then(({ started_at, ended_at }) => {
      expect(Date.parse(ended_at ?? "") - Date.parse(started_at ?? "")).toBeGreaterThan(1_000);
    });
    const late = await refusalOf(agent.client.completeTask({ params, body: completed(fence) }));
    expect(late).toMatchObject({ status: 409, code: "task.lease_lost", extra: { action: "stop" } });
    const second = await claimNext(agent);
    expect(second).toMatchObject({ task_id: task.task_id, attempt: 2 });
    expect(await untilTask(plane.operator, task.task_id, "failed")).toMatchObject({ failure: "timed_out" });
  });
});

describe("an operator", () => {
  it("has one open dead letter at most: a retry by hand closes it, and the next failure leaves another", async () => {
    const { agent, task } = await heldTask(plane);
    const { task_id } = task;
    await fail(agent, task, "Not found: the first");
    const first = await letterOf(task_id);
    await plane.operator.retryTask({ params: { task_id }, body: { reason: "it is there now" } });
    expect(await letterOf(task_id)).toBeUndefined();
    const closed = refusalOf(plane.operator.redriveDeadLetter({ params: { dead_letter_id: first?.id ?? "" } }));
    expect(await closed).toMatchObject({ status: 409, code: "dead_letter.redriven" });

    await fail(agent, await claimNext(agent), "Not found: the second");
    const open = (await plane.operator.listDeadLetters()).items.filter((row) => row.task_id === task_id);
    expect(open).toMatchObject([{ error: { message: "Not found: the second" } }]);
    await plane.operator.redriveDeadLetter({ params: { dead_letter_id: open[0]?.id ?? "" } });
    expect(await letterOf(task_id)).toBeUndefined();
    expect(await plane.operator.getTask({ params: { task_id } })).toMatchObject({ status: "ready" });
  });

  it("redrives a dead letter once", async () => {
    const { agent, task } = await heldTask(plane);
    await fail(agent, task, "Access denied");
    const letter = await letterOf(task.task_id);
    const params = { dead_letter_id: letter?.id ?? "" };
    expect(await plane.operator.redriveDeadLetter({ params })).toMatchObject({ status: "redriven" });
    const refusal = await refusalOf(plane.operator.redriveDeadLetter({ params }));
    expect(refusal).toMatchObject({ status: 409, code: "dead_letter.redriven" });
    expect(await letterOf(task.task_id)).toBeUndefined();
    const again = await claimNext(agent);
    expect(again).toMatchObject({ task_id: task.task_id, attempt: 2 });
    await agent.client.completeTask({ params: { task_id: task.task_id }, body: completed(again.fence) });
    const done = await plane.operator.getTask({ params: { task_id: task.task_id } });
    expect(done).toMatchObject({ status: "completed", retry_count: 0, errors: [{ message: "Access denied" }] });
  });

  it("cancels what has not ended, and retries what has", async () => {
    const { task_ids, agent } = await makeWork(plane);
    const params = { task_id: task_ids[0] ?? "" };
    const body = { reason: "changed our mind" };
    expect(await refusalOf(plane.operator.retryTask({ params, body }))).toMatchObject({ code: "task.not_terminal" });
    const cancelled = await plane.operator.cancelTask({ params, body });
    expect(cancelled).toMatchObject({ status: "cancelled", failure: null, cancel_reason: body.reason });
    const again = await refusalOf(plane.operator.cancelTask({ params, body }));
    expect(again).toMatchObject({ status: 409, code: "task.terminal" });
    expect(await plane.operator.retryTask({ params, body })).toMatchObject({ status: "ready" });
    const worker = await agent();
    const { fence } = await claimNext(worker);
    await worker.client.completeTask({ params, body: completed(fence) });
    expect(await refusalOf(plane.operator.retryTask({ params, body }))).toMatchObject({ status: 409 });
  });
});
