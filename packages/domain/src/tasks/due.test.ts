import { describe, expect, test } from "vitest";
import { limits, MINUTE, NOW, runningTask, SECOND, taskRow } from "../../../../tests/harness/task-row.ts";
import { SETTLE_WITHIN_MS, taskDue, timesOutAt } from "./due.ts";
import type { TaskRow } from "./model.ts";

const due = (task: TaskRow) => {
  const moment = taskDue(task, limits);
  return moment === undefined ? undefined : moment - NOW;
};

describe("the next moment at which something must happen, for each state", () => {
  test.each<[string, TaskRow, number | undefined]>([
    ["pending for its back-off", taskRow({ pending_reason: "backoff", ready_at: NOW + 1_234 }), 1_234],
    // A task that waits for others is woken by their end, not by a moment.
    ["pending for others", taskRow({ pending_reason: "dependencies" }), undefined],
    [
      "pending for others, and not yet looked at a second time",
      taskRow({ pending_reason: "dependencies", checking: true }),
      limits.dependency_check_seconds * SECOND,
    ],
    // The lane's watch is the sweep's.
    ["ready", taskRow({ status: "ready", ready_at: NOW }), undefined],
    ["running: the lease", runningTask(), 120 * SECOND],
    [
      "running: the time-out, where it comes first; elapsed must exceed it",
      runningTask({ timeout_seconds: 60 }),
      60 * SECOND + 1,
    ],
    ["running: a time-out at the lease's end comes after it", runningTask({ timeout_seconds: 120 }), 120 * SECOND],
    [
      "assigned: until when it may be accepted",
      taskRow({ status: "assigned", lease_expires_at: NOW + MINUTE }),
      MINUTE,
    ],
    ["waiting for an answer", taskRow({ status: "waiting" }), undefined],
    ["waiting for a time", taskRow({ status: "waiting", ready_at: NOW + MINUTE }), MINUTE],
    [
      "staged, whatever its deadline: its batch watches over it",
      taskRow({ status: "staged", deadline_at: NOW }),
      undefined,
    ],
  ])("%s", (_, task, expected) => {
    expect(due(task)).toBe(expected);
  });

  describe.each(["completed", "failed", "cancelled"] as const)("%s", (status) => {
    const ended = taskRow({ status, completed_at: NOW + 5, deadline_at: NOW + 1 });
    test("with its follow-ups open: when the sweep would do them", () => {
      expect(due({ ...ended, settling: true })).toBe(SETTLE_WITHIN_MS + 5);
    });
    test("or at the moment that it waited for, where that is near: its end then writes no index", () => {
      expect(due({ ...ended, settling: true, due_at: NOW + 30 * SECOND })).toBe(30 * SECOND);
      expect(due({ ...ended, settling: true, due_at: NOW + SETTLE_WITHIN_MS + 6 })).toBe(SETTLE_WITHIN_MS + 5);
    });
    test("with nothing left to do: never, whatever its deadline", () => {
      expect(due(ended)).toBeUndefined();
    });
  });
});

describe("a deadline is due once it has passed, in every state that has not ended", () => {
  const deadline_at = NOW + 10 * SECOND;
  test.each<[string, TaskRow, number]>([
    ["pending for others", taskRow({ pending_reason: "dependencies", deadline_at }), 10_001],
    ["pending, back-off first", taskRow({ pending_reason: "backoff", ready_at: NOW + 9, deadline_at }), 9],
    ["ready", taskRow({ status: "ready", deadline_at }), 10_001],
    ["running, before its lease ends", runningTask({ deadline_at }), 10_001],
    ["running, after its lease ends", runningTask({ deadline_at: NOW + 121 * SECOND }), 120_000],
    ["waiting", taskRow({ status: "waiting", deadline_at }), 10_001],
    ["past when the task is made", taskRow({ status: "ready", deadline_at: NOW - MINUTE }), 1 - MINUTE],
  ])("%s", (_, task, expected) => {
    expect(due(task)).toBe(expected);
  });

  test("it is said once", () => {
    expect(due(taskRow({ status: "ready", deadline_at, deadline_missed: true }))).toBeUndefined();
    expect(due(runningTask({ deadline_at, deadline_missed: true }))).toBe(120_000);
  });
});

describe("a time-out counts from the attempt's own start", () => {
  test.each([
    [NOW, 1, NOW + 1_001],
    [NOW + MINUTE, 3_600, NOW + 61 * MINUTE + 1],
    [undefined, 60, undefined],
  ])("begun at %s with %i s", (started_at, timeout_seconds, expected) => {
    expect(timesOutAt({ started_at, timeout_seconds })).toBe(expected);
  });
});
