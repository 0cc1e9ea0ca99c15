import { describe, expect, test } from "vitest";
import { contextAt, limits, runningTask, taskRow } from "../../../../tests/harness/task-row.ts";
import * as decide from "./lifecycle.ts";
import { lifecycle, type StoredStatus, type TaskRow } from "./model.ts";

const NONE = { dependents: 0, shards: 1 };
const ctx = contextAt();
const STATES = Object.keys(lifecycle.transitions) as StoredStatus[];

describe("the table of states", () => {
  // The specification's table, once more and in its own words: the code may allow this and nothing else.
  const LEAVES_TO: Record<StoredStatus, string> = {
    staged: "pending ready cancelled",
    pending: "ready cancelled",
    ready: "assigned running cancelled",
    assigned: "running ready cancelled",
    running: "waiting completed failed pending ready cancelled",
    waiting: "ready cancelled failed",
    completed: "",
    failed: "ready pending",
    cancelled: "ready pending",
  };
  test.each(STATES.flatMap((from) => STATES.map((to) => [from, to] as const)))("%s to %s", (from, to) => {
    expect(lifecycle.can(from, to)).toBe(LEAVES_TO[from].split(" ").includes(to));
  });

  test("completed alone is the end for good", () => {
    expect(STATES.filter(lifecycle.isTerminal)).toEqual(["completed"]);
  });
});

describe("each decision is refused in every state that does not lead where it leads", () => {
  const inState = (status: StoredStatus): TaskRow => (status === "running" ? runningTask() : taskRow({ status }));
  test.each<[string, (task: TaskRow) => unknown, string]>([
    [
      "becoming ready",
      (task) => decide.becomeReady(task, NONE, ctx, limits),
      "staged pending assigned running waiting failed cancelled",
    ],
    ["being accepted", (task) => decide.accept(task, ctx, limits), "ready assigned"],
    ["completing", (task) => decide.complete(task, { result: {} }, ctx, limits), "running"],
    [
      "failing for good",
      (task) => decide.fail(task, { kind: "permanent", message: "x" }, ctx, limits),
      "running waiting",
    ],
    [
      "being retried",
      (task) => decide.fail(task, { kind: "retryable", message: "x" }, ctx, limits),
      "running failed cancelled staged",
    ],
    ["waiting", (task) => decide.wait(task, undefined, ctx, limits), "running"],
    ["cancelling", (task) => decide.cancel(task, "why", ctx, limits), "staged pending ready assigned running waiting"],
  ])("%s", (_, act, allowed) => {
    const accepted = STATES.filter((status) => {
      try {
        act(inState(status));
        return true;
      } catch (refusal) {
        expect(String(refusal)).toMatch(new RegExp(`a ${status} task does not become`));
        return false;
      }
    });
    expect(accepted.sort()).toEqual(allowed.split(" ").sort());
  });
});
