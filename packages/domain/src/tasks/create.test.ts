import type { Id, TaskId } from "@omoios/kernel/ids";
import { describe, expect, test } from "vitest";
import { contextAt, HOUR, limits, MINUTE, NOW, SECOND, taskRow } from "../../../../tests/harness/task-row.ts";
import { makeTask, openTask, type Place, type TaskDraft } from "./create.ts";

const id = (name: string) => `task_${name.repeat(20)}` as TaskId;
const base = taskRow();
const draft = (given: Partial<TaskDraft> = {}): TaskDraft => ({
  task_id: id("a"),
  title: "Build",
  task_type: "implement",
  phase_id: base.phase_id,
  priority: "LOW",
  required_capabilities: ["go"],
  depends_on: [],
  ...given,
});
const place = (given: Partial<Place> = {}): Place => ({
  ticket_id: base.ticket_id,
  n: 4,
  visit: 2,
  lane: "lane",
  waits_for: [],
  looks_again: true,
  dependents: 0,
  shards: 1,
  ...given,
});
const ctx = contextAt();

describe("a new task", () => {
  test("with nothing before it is ready at once", () => {
    const { task, events, edges, open } = makeTask(draft(), place({ dependents: 3 }), ctx, limits);
    expect(task).toMatchObject({
      status: "ready",
      ready_lane: "lane#0",
      ready_at: NOW,
      virtual_start: NOW - 3 * MINUTE,
    });
    expect(task).toMatchObject({ fence: 0, attempt: 0, retry_count: 0, max_retries: 3, timeout_seconds: 3_600 });
    expect(events.map(({ type }) => type)).toEqual(["task.created", "task.ready"]);
    expect(edges).toEqual([]);
    expect(open).toMatchObject({ ticket_id: base.ticket_id, phase_id: base.phase_id, n: 4, task_id: id("a") });
  });

  test("waits for what had not completed, and for nothing else that it names", () => {
    const depends_on = [id("b"), id("c"), id("d")];
    const { task, events, edges, body } = makeTask(
      draft({ depends_on }),
      place({ waits_for: [id("b"), id("d")] }),
      ctx,
      limits,
    );
    expect(task).toMatchObject({ status: "pending", pending_reason: "dependencies", blockers_left: 2, checking: true });
    expect([task.ready_lane, task.virtual_start, task.ready_at]).toEqual([undefined, undefined, undefined]);
    expect(task.due_at).toBe(NOW + limits.dependency_check_seconds * SECOND);
    expect(events.map(({ type }) => type)).toEqual(["task.created"]);
    expect(edges.map(({ dependency_id, dependent_id }) => [dependency_id, dependent_id])).toEqual([
      [id("b"), id("a")],
      [id("d"), id("a")],
    ]);
    expect(body.depends_on).toEqual(depends_on);
  });

  test("that waits only for tasks of its own call has no second look to wait for", () => {
    const { task } = makeTask(draft(), place({ waits_for: [id("b")], looks_again: false }), ctx, limits);
    expect(task.status).toBe("pending");
    expect([task.checking, task.due_at]).toEqual([undefined, undefined]);
  });

  test.each([
    ["defaults", {}, [limits.max_retries, limits.timeout_seconds]],
    ["its own numbers, nought among them", { max_retries: 0, timeout_seconds: 1 }, [0, 1]],
  ])("takes %s", (_, given, expected) => {
    const { task } = makeTask(draft(given), place(), ctx, limits);
    expect([task.max_retries, task.timeout_seconds]).toEqual(expected);
  });

  test.each([
    ["to come", NOW + HOUR],
    ["past already", NOW - HOUR],
  ])("may have a deadline that is %s", (_, deadline_at) => {
    const { task } = makeTask(draft({ deadline_at }), place(), ctx, limits);
    expect(task).toMatchObject({ status: "ready", deadline_at, due_at: deadline_at + 1 });
  });
});

describe("a task of a batch", () => {
  const batch_id = "batch_0123456789abcdefghjk" as Id<"batch">;

  test.each([
    ["with nothing before it", []],
    ["behind another", [id("b")]],
  ])("%s is staged: nobody hears of it, no lane holds it, and nothing is due", (_, waits_for) => {
    const staged = makeTask(draft({ deadline_at: NOW }), place({ waits_for }), ctx, limits, batch_id);
    expect(staged.task).toMatchObject({ status: "staged", batch_id, blockers_left: waits_for.length });
    expect([staged.task.ready_lane, staged.task.pending_reason, staged.task.due_at]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(staged.events).toEqual([]);
    expect(staged.edges).toHaveLength(waits_for.length);
  });

  test.each([
    [0, "ready", ["task.created", "task.ready"]],
    [1, "pending", ["task.created"]],
  ])("opened with %i before it becomes %s", (blockers_left, status, types) => {
    const staged = taskRow({ status: "staged", blockers_left });
    const { task, events } = openTask(staged, { dependents: 0, shards: 1 }, ctx, limits);
    expect(task.status).toBe(status);
    expect(events.map(({ type }) => type)).toEqual(types);
  });
});
