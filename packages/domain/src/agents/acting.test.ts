import type { TaskId } from "@omoios/kernel/ids";
import { describe, expect, it } from "vitest";
import {
  freeSlot,
  freeSlots,
  heldTasks,
  noteStop,
  rememberFailure,
  tasksToStop,
  withoutTask,
  withSlot,
} from "./acting.ts";
import { agentRow as agent, NOW, slot } from "./agent-row.fixture.ts";
import type { AgentRow } from "./model.ts";

const task = (n: number) => `task_0000000000000000000${n}` as TaskId;

describe("slots", () => {
  it.each<{ rule: string; given: Partial<AgentRow>; free: string[] }>([
    { rule: "an agent at rest has all its slots", given: {}, free: ["0", "1"] },
    { rule: "the lowest free one comes first", given: { slots: { 1: slot(1) } }, free: ["0"] },
    { rule: "a full agent has none", given: { slots: { 0: slot(1), 1: slot(2) } }, free: [] },
    {
      rule: "slots beyond a lowered capacity count",
      given: { capacity: 2, slots: { 0: slot(1), 5: slot(2) } },
      free: [],
    },
    { rule: "a degraded agent takes no work", given: { status: "DEGRADED" }, free: [] },
    { rule: "nor does one that has not started", given: { status: "SPAWNING" }, free: [] },
    { rule: "nor one in quarantine", given: { status: "QUARANTINED" }, free: [] },
  ])("$rule", ({ given, free }) => {
    expect(freeSlots(agent(given))).toEqual(free);
    expect(freeSlot(agent(given))).toBe(free[0]);
  });

  it("takes a free slot and leaves the agent that was given alone", () => {
    const before = agent({ slots: { 0: slot(1) } });
    const after = withSlot(before, "1", slot(2, 7));
    expect(after.slots).toEqual({ 0: slot(1), 1: slot(2, 7) });
    expect(before.slots).toEqual({ 0: slot(1) });
    expect(heldTasks(after)).toEqual([task(1), task(2)]);
  });

  it("never overwrites a slot", () => {
    expect(() => withSlot(agent({ slots: { 0: slot(1) } }), "0", slot(2))).toThrow("slot 0");
  });

  it("frees the task under its fence only", () => {
    const before = agent({ slots: { 0: slot(1, 4), 1: slot(2) } });
    expect(withoutTask(before, task(1), 4).slots).toEqual({ 1: slot(2) });
    expect(withoutTask(before, task(1), 3)).toBe(before);
    expect(withoutTask(before, task(3), 1)).toBe(before);
  });
});

describe("failures", () => {
  const limits = { avoid_failed_seconds: 60, failed_tasks_remembered: 2 };

  it("keeps the newest, and of one task the newest failure", () => {
    const failed = { [task(1)]: NOW - 3_000, [task(2)]: NOW - 2_000 };
    expect(rememberFailure(agent({ failed }), task(3), NOW, limits).failed).toEqual({
      [task(3)]: NOW,
      [task(2)]: NOW - 2_000,
    });
    expect(rememberFailure(agent({ failed }), task(1), NOW, limits).failed).toEqual({
      [task(1)]: NOW,
      [task(2)]: NOW - 2_000,
    });
  });

  it("forgets what no longer counts", () => {
    const failed = { [task(1)]: NOW - 60_000 };
    expect(rememberFailure(agent({ failed }), task(2), NOW, limits).failed).toEqual({ [task(2)]: NOW });
  });
});

describe("tasks that were taken away", () => {
  const limits = { stopped_tasks_remembered: 2, stopped_tasks_seconds: 60 };

  it("are told to be stopped for a while, the newest of them", () => {
    const told = [1, 2, 3].reduce((row, n) => noteStop(row, task(n), NOW + n, limits), agent());
    expect(tasksToStop(told, NOW + 10, limits)).toEqual([task(3), task(2)]);
    expect(tasksToStop(told, NOW + 60_002, limits)).toEqual([task(3)]);
    expect(tasksToStop(told, NOW + 60_003, limits)).toEqual([]);
  });

  it("and not while the agent holds them again", () => {
    const told = noteStop(agent({ slots: { 0: slot(1) } }), task(1), NOW, limits);
    expect(tasksToStop(told, NOW, limits)).toEqual([]);
    expect(tasksToStop(agent(), NOW, limits)).toEqual([]);
  });
});
