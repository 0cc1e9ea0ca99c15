import type { Limits } from "@omoios/contracts/limits";
import { describe, expect, test } from "vitest";
import { contextAt, HOUR, limits, NOW, runningTask, SECOND, taskRow } from "../../../../tests/harness/task-row.ts";
import * as decide from "./lifecycle.ts";
import type { StoredStatus, TaskRow } from "./model.ts";

const NONE = { dependents: 0, shards: 1 };
const ctx = contextAt();
const types = ({ events }: { events: { type: string }[] }) => events.map(({ type }) => type);

describe("a cancel", () => {
  test.each<[StoredStatus, Partial<TaskRow>]>([
    ["staged", {}],
    ["pending", { pending_reason: "dependencies", checking: true, blockers_left: 1 }],
    ["pending", { pending_reason: "backoff", ready_at: NOW + SECOND }],
    ["ready", { ready_at: NOW, ready_lane: "lane#0", virtual_start: NOW }],
    ["assigned", {}],
    ["waiting", { ready_at: NOW + HOUR }],
    ["running", runningTask()],
  ])("of a %s task ends it as cancelled, never as failed", (status, given) => {
    const { next, attempt, dead_letter, events } = decide.cancel(
      taskRow({ ...given, status }),
      "not needed",
      ctx,
      limits,
    );
    expect(next).toMatchObject({ status: "cancelled", completed_at: NOW, settling: true });
    for (const name of [
      "failure",
      "pending_reason",
      "checking",
      "ready_lane",
      "virtual_start",
      "lease_expires_at",
    ] as const)
      expect(next[name]).toBeUndefined();
    expect(events).toEqual([{ type: "task.cancelled", data: { cause: "not needed" } }]);
    expect(dead_letter).toBeUndefined();
    // Only a task that an agent holds has an attempt to end.
    const held = status === "running" || status === "assigned";
    expect(attempt?.outcome).toBe(held ? "cancelled" : undefined);
  });

  test.each([
    ["letters", "x".repeat(1_000)],
    ["two-byte letters", "ä".repeat(1_000)],
    ["signs beyond the first plane", "🦊".repeat(500)],
    ["signs that JSON writes in six", "\u0001".repeat(1_000)],
    ["half a sign", "\ud83e".repeat(1_000)],
  ])("with a long cause of %s: the event stays below 200 bytes, the attempt has all of it", (_, cause) => {
    const { events, attempt } = decide.cancel(runningTask(), cause, ctx, limits);
    const bytes = Buffer.byteLength(JSON.stringify(events[0]));
    expect(bytes).toBeGreaterThan(100);
    expect(bytes).toBeLessThanOrEqual(200);
    expect(attempt?.reason).toBe(cause);
  });
});

describe("an explicit retry", () => {
  const dead = decide.fail(
    runningTask({ retry_count: 3, attempt: 4, fence: 6, percent: 80, failed_alike: { signature: "x", times: 2 } }),
    { kind: "retryable", message: "x" },
    ctx,
    limits,
  ).next;

  test("is a new attempt with a fresh count; the fence goes on, so that no old holder comes back", () => {
    const { next, ...rest } = decide.retry(dead, NONE, contextAt(NOW + HOUR), limits);
    expect(next).toMatchObject({ status: "ready", retry_count: 0, attempt: 4, fence: 6, ready_at: NOW + HOUR });
    const gone = [
      "failure",
      "failed_alike",
      "completed_at",
      "settling",
      "ttl",
      "agent_id",
      "started_at",
      "percent",
    ] as const;
    for (const name of gone) expect(next[name]).toBeUndefined();
    expect(types(rest)).toEqual(["task.retry_scheduled", "task.ready"]);
  });

  test.each<[string, TaskRow]>([
    ["released", decide.release(runningTask(), { reason: "x" }, NONE, ctx, limits).next],
    ["waiting", decide.wait(runningTask(), undefined, ctx, limits).next],
  ])("of one that was %s when it was cancelled is a new attempt too", (_, task) => {
    const { next: cancelled } = decide.cancel(task, "x", ctx, limits);
    expect(decide.retry(cancelled, NONE, ctx, limits).next.released).toBeUndefined();
  });

  test("waits again where something is still before it", () => {
    const { next, ...rest } = decide.retry({ ...dead, blockers_left: 1 }, NONE, ctx, limits);
    expect(next).toMatchObject({ status: "pending", pending_reason: "dependencies", checking: true });
    expect(next.ready_lane).toBeUndefined();
    expect(types(rest)).toEqual(["task.retry_scheduled"]);
  });

  test("of a completed task there is none", () => {
    const { next } = decide.complete(runningTask(), { result: {} }, ctx, limits);
    expect(() => decide.retry(next, NONE, ctx, limits)).toThrow("a completed task does not become ready");
  });
});

describe("a deadline that passes does not end the task, and is said once", () => {
  const missed = runningTask({ deadline_at: NOW - 1 });
  const ends: [string, (task: TaskRow) => { next: TaskRow; events: { type: string }[] }][] = [
    ["completed", (task) => decide.complete(task, { result: {} }, ctx, limits)],
    ["failed", (task) => decide.fail(task, { kind: "permanent", message: "x" }, ctx, limits)],
    ["cancelled", (task) => decide.cancel(task, "x", ctx, limits)],
  ];
  // The lease's timer looks at it within the lease; a task that ends before that says it with its end.
  test.each(ends)("with its end, where it was not said before: %s", (status, end) => {
    const decided = end(missed);
    expect(decided.next).toMatchObject({ status, deadline_missed: true });
    expect(types(decided)).toEqual(["task.deadline_missed", `task.${status}`]);
  });

  test.each(ends)("not again, and not before it has passed: %s", (status, end) => {
    for (const given of [{ deadline_missed: true as const }, { deadline_at: NOW }, { deadline_at: undefined }])
      expect(types(end({ ...missed, ...given }))).toEqual([`task.${status}`]);
  });
});

test("an attempt leaves by itself after its days; the task stays as long as its ticket does", () => {
  const own: Limits = { ...limits, retention_days: { ...limits.retention_days, tasks: 2, attempts: 3 } };
  const { next, attempt } = decide.complete(runningTask(), { result: { success: true } }, ctx, own);
  expect([next.ttl, attempt?.ttl]).toEqual([undefined, NOW / SECOND + 3 * 86_400]);
  expect(attempt).toMatchObject({ outcome: "completed", result: { success: true } });
});
