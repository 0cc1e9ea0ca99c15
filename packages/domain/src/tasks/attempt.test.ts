import { expect, test } from "vitest";
import { contextAt, limits, MINUTE, NOW, runningTask } from "../../../../tests/harness/task-row.ts";
import { attemptOf, errorOf } from "./attempt.ts";

const task = runningTask({ attempt: 3, fence: 7 });
const ctx = contextAt(NOW + MINUTE);

test("an error belongs to the attempt that runs now, with the agent's own word for it", () => {
  expect(errorOf(task, { kind: "retryable", message: "reset", agent_kind: "network" }, ctx)).toEqual({
    attempt: 3,
    kind: "retryable",
    agent_kind: "network",
    message: "reset",
    at: NOW + MINUTE,
    agent_id: task.agent_id,
  });
});

test("an attempt's row is known by its fence, has its own start, and says only what was said", () => {
  const row = {
    version: 0,
    task_id: task.task_id,
    fence: 7,
    orphan: "",
    attempt: 3,
    agent_id: task.agent_id,
    started_at: NOW,
    ended_at: NOW + MINUTE,
    outcome: "released",
    ttl: (NOW + MINUTE) / 1000 + limits.retention_days.attempts * 86_400,
  };
  expect(Object.keys(attemptOf(task, "released", ctx, limits)).sort()).toEqual(Object.keys(row).sort());
  expect(attemptOf(task, "released", ctx, limits)).toEqual(row);
  const said = { reason: "shift", handoff: { done: ["a"] }, result: { output: 1 } };
  expect(attemptOf(task, "released", ctx, limits, said)).toEqual({ ...row, ...said });
});
