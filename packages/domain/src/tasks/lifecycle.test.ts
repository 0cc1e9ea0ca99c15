import { describe, expect, test } from "vitest";
import {
  contextAt,
  HOUR,
  limits,
  MINUTE,
  NOW,
  runningTask,
  SECOND,
  taskRow,
} from "../../../../tests/harness/task-row.ts";
import * as decide from "./lifecycle.ts";
import type { TaskRow } from "./model.ts";

const NONE = { dependents: 0, shards: 1 };
const ctx = contextAt();
const types = ({ events }: { events: { type: string }[] }) => events.map(({ type }) => type);

describe("becoming ready", () => {
  test("puts the task into one shard of its lane at its virtual start, with no reason to wait left", () => {
    const task = taskRow({ pending_reason: "dependencies", checking: true, priority: "HIGH" });
    const { next, events } = decide.becomeReady(task, { dependents: 2, shards: 1 }, contextAt(NOW + 5), limits);
    expect(next).toEqual({
      ...task,
      status: "ready",
      pending_reason: undefined,
      checking: undefined,
      ready_at: NOW + 5,
      ready_lane: `${task.lane}#0`,
      virtual_start: NOW + 5 - 2 * HOUR - 2 * MINUTE,
      due_at: undefined,
    });
    expect(events).toEqual([{ type: "task.ready" }]);
  });

  test.each([
    [0, 0],
    [0.49, 31],
    [1 - 2 ** -32, 63],
  ])("chance %d takes shard %i of 64", (chance, shard) => {
    const { next } = decide.becomeReady(
      taskRow(),
      { dependents: 0, shards: 64 },
      contextAt(NOW, () => chance),
      limits,
    );
    expect(next.ready_lane).toBe(`${next.lane}#${shard}`);
  });
});

describe("a failed attempt", () => {
  const failing = (task: TaskRow, message = "connection reset") =>
    decide.fail(task, { kind: "retryable", message }, contextAt(NOW + MINUTE), limits);

  test("is followed by a back-off that nobody can claim in, and a fresh start", () => {
    const { next, events, attempt, dead_letter } = failing(
      runningTask({ percent: 40, stuck: true, renewals: 3, lost_leases: 4 }),
    );
    expect(next).toMatchObject({ status: "pending", pending_reason: "backoff", retry_count: 1, attempt: 1, fence: 1 });
    expect(next).toMatchObject({ ready_at: NOW + MINUTE + SECOND, due_at: NOW + MINUTE + SECOND });
    // It never inherits a time-out, a holder, or what the attempt before it had reached.
    for (const name of [
      "started_at",
      "agent_id",
      "lease_expires_at",
      "percent",
      "stuck",
      "renewals",
      "lost_leases",
    ] as const)
      expect(next[name]).toBeUndefined();
    expect(next.ready_lane).toBeUndefined();
    expect(events).toEqual([{ type: "task.retry_scheduled", data: { error_kind: "retryable" } }]);
    expect(attempt).toMatchObject({ outcome: "failed", attempt: 1, fence: 1, started_at: NOW, ended_at: NOW + MINUTE });
    expect(dead_letter).toBeUndefined();
  });

  test("with no retry left is dead: the row says so, and a dead letter keeps attempt and error", () => {
    const task = runningTask({ retry_count: 3, attempt: 4, fence: 4 });
    const { next, attempt, dead_letter, ...rest } = failing(task, "the last straw");
    expect(next).toMatchObject({ status: "failed", failure: "exhausted", completed_at: NOW + MINUTE, settling: true });
    expect(types(rest)).toEqual(["task.failed"]);
    const error = {
      attempt: 4,
      kind: "retryable",
      message: "the last straw",
      at: NOW + MINUTE,
      agent_id: task.agent_id,
    };
    expect(attempt?.error).toMatchObject(error);
    expect(dead_letter).toMatchObject({
      task_id: task.task_id,
      ticket_id: task.ticket_id,
      attempt: 4,
      status: "open",
      error,
    });
    // The same end decided twice is one dead letter; the next end of the task is another.
    expect(failing(task).dead_letter?.dead_letter_id).toBe(dead_letter?.dead_letter_id);
    expect(failing({ ...task, fence: 5 }).dead_letter?.dead_letter_id).not.toBe(dead_letter?.dead_letter_id);
  });

  test("as often as max_retries says, then no more", () => {
    const lives = (max_retries: number) => {
      let task = runningTask({ max_retries });
      for (let attempts = 1; ; attempts++) {
        const { next } = failing(task, `another thing: ${"x".repeat(attempts)}`);
        if (next.status === "failed") return attempts;
        task = runningTask({ ...next, status: "running" });
      }
    };
    expect([0, 1, 3, 7].map(lives)).toEqual([1, 2, 4, 8]);
  });

  test("the same three times in a row is enough, whatever max_retries says", () => {
    let task = runningTask({ max_retries: 50 });
    const ends = [1, 2, 3].map((n) => {
      const { next } = failing(task, `port 800${n} is taken`);
      task = runningTask({ ...next, status: "running" });
      return [next.status, next.failure];
    });
    expect(ends).toEqual([
      ["pending", undefined],
      ["pending", undefined],
      ["failed", "exhausted"],
    ]);
  });

  test("by time is timed out, and ends as that", () => {
    const timeout = { kind: "timeout", message: "too long" } as const;
    const first = decide.fail(runningTask(), timeout, ctx, limits);
    expect(first.next).toMatchObject({ status: "pending", pending_reason: "backoff" });
    expect(first.attempt?.outcome).toBe("timed_out");
    expect(types(first)).toEqual(["task.timed_out", "task.retry_scheduled"]);
    const last = decide.fail(runningTask({ retry_count: 3 }), timeout, ctx, limits);
    expect(last.next).toMatchObject({ status: "failed", failure: "timed_out" });
    expect(types(last)).toEqual(["task.timed_out", "task.failed"]);
  });
});

describe("a lost lease", () => {
  const lose = (task: TaskRow) => decide.loseLease(task, NONE, "silence", ctx, limits);

  test("costs the next attempt, but not a retry: the task is back in its lane at once", () => {
    const task = runningTask({ retry_count: 1, percent: 5 });
    const { next, attempt, ...rest } = lose(task);
    expect(next).toMatchObject({ status: "ready", retry_count: 1, attempt: 1, lost_leases: 1, ready_at: NOW });
    // Without a mark of release the next take raises the attempt.
    expect([next.released, next.agent_id, next.started_at, next.percent]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(types(rest)).toEqual(["task.lease_expired", "task.ready"]);
    expect(attempt).toMatchObject({ outcome: "lease_lost", error: { kind: "lease_lost", message: "silence" } });
  });

  test("five in a row exhaust the task, four do not", () => {
    const fifth = runningTask({ lost_leases: 4 });
    expect(lose(runningTask({ lost_leases: 3 })).next).toMatchObject({ status: "ready", lost_leases: 4 });
    const { next, dead_letter, ...rest } = lose(fifth);
    expect(next).toMatchObject({ status: "failed", failure: "exhausted" });
    expect(types(rest)).toEqual(["task.lease_expired", "task.failed"]);
    expect(dead_letter?.error.kind).toBe("lease_lost");
  });

  test.each<[string, (task: TaskRow) => TaskRow]>([
    ["failure", (task) => decide.fail(task, { kind: "retryable", message: "x" }, ctx, limits).next],
    ["release", (task) => decide.release(task, { reason: "x" }, NONE, ctx, limits).next],
    ["wait", (task) => decide.wait(task, undefined, ctx, limits).next],
    ["explicit retry", (task) => decide.retry({ ...task, status: "failed" }, NONE, ctx, limits).next],
  ])("a %s between them ends the row", (_, heard) => {
    expect(heard(runningTask({ lost_leases: 4 })).lost_leases).toBeUndefined();
  });
});

test("a release counts no retry, keeps the attempt's number, and keeps what was said", () => {
  const handoff = { done: ["read"] };
  const { next, attempt, ...rest } = decide.release(
    runningTask({ retry_count: 2 }),
    { reason: "shift", handoff },
    NONE,
    ctx,
    limits,
  );
  expect(next).toMatchObject({ status: "ready", released: true, attempt: 1, retry_count: 2, fence: 1 });
  expect([next.agent_id, next.lease_expires_at, next.started_at]).toEqual([undefined, undefined, undefined]);
  expect(types(rest)).toEqual(["task.released", "task.ready"]);
  expect(attempt).toMatchObject({ outcome: "released", reason: "shift", handoff });
});

describe("waiting", () => {
  test.each([
    ["for an answer", undefined],
    ["for a time", NOW + HOUR],
  ])("%s holds no lease and no slot, and is due when its time comes", (_, until) => {
    const { next, attempt, ...rest } = decide.wait(runningTask({ percent: 50 }), until, ctx, limits, "Which?");
    expect(next).toMatchObject({ status: "waiting", released: true, attempt: 1 });
    expect([next.agent_id, next.lease_expires_at, next.started_at]).toEqual([undefined, undefined, undefined]);
    expect([next.ready_at, next.due_at]).toEqual([until, until]);
    expect(types(rest)).toEqual(["task.waiting"]);
    expect(attempt?.reason).toBe("Which?");
  });

  test("resumed, the task is ready from then on and keeps its attempt's number", () => {
    const { next: waiting } = decide.wait(runningTask(), undefined, ctx, limits);
    const { next } = decide.becomeReady(waiting, NONE, contextAt(NOW + HOUR), limits);
    expect(next).toMatchObject({ status: "ready", released: true, attempt: 1, ready_at: NOW + HOUR });
  });
});
