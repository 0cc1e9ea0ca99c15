import { expect, test } from "vitest";
import { brokenInFaults, brokenInLog, brokenInTasks, type LoggedEvent } from "./invariants.ts";

const event = (type: string, task: string, fence: number, id = `${type}${task}${fence}`): LoggedEvent => ({
  id,
  type,
  subject: { id: task },
  data: { fence },
});
const attempt = (outcome: string) => ({ attempt: 1, fence: 1, agent_id: null, outcome });
const task = (status: string, ...outcomes: string[]) => ({
  task_id: "task_1",
  phase_id: "PHASE_DESIGN",
  status,
  attempts: outcomes.map(attempt),
});

test("a log in which each fence starts one attempt, and each task ends once, is whole", () => {
  const log = [
    event("task.started", "a", 1),
    event("task.lease_expired", "a", 1),
    event("task.started", "a", 2),
    event("task.completed", "a", 2),
    event("task.started", "b", 1),
  ];
  expect(brokenInLog(log)).toEqual([]);
});

test.for([
  [
    "a fence",
    [event("task.started", "a", 1), event("task.started", "a", 1, "other")],
    "a under fence 1 was started twice",
  ],
  ["a result", [event("task.completed", "a", 1), event("task.completed", "a", 2)], "a was completed twice"],
  ["an event", [event("task.ready", "a", 1, "x"), event("task.ready", "a", 1, "x")], "event x is in the log twice"],
] as [string, LoggedEvent[], string][])("%s that occurs twice is told", ([, log, sentence]) => {
  expect(brokenInLog(log)).toEqual([sentence]);
});

test.for([
  ["completed once", task("completed", "lease_lost", "completed", "orphan"), []],
  ["completed without a result", task("completed", "lease_lost"), ["task_1 has 0 counted results"]],
  ["completed twice", task("completed", "completed", "completed"), ["task_1 has 2 counted results"]],
  ["cancelled", task("cancelled", "cancelled"), []],
  ["cancelled with a result", task("cancelled", "completed"), ["task_1 is cancelled and has a counted result"]],
  ["not ended", task("running", "running"), ["task_1 is running"]],
] as [string, ReturnType<typeof task>, string[]][])("a task %s", ([, given, sentences]) => {
  expect(brokenInTasks([given])).toEqual(sentences);
});

test.for([
  ["all of them", { killed_task: "task_1", wanted_kills: 10, plane_kills: 10 }, []],
  [
    "nine of ten kills",
    { killed_task: "task_1", wanted_kills: 10, plane_kills: 9 },
    ["the work was done before the plane was killed 10 times: it was killed 9 times"],
  ],
  [
    "no killed agent",
    { killed_task: undefined, wanted_kills: 0, plane_kills: 0 },
    ["no agent could be killed in the middle of a task"],
  ],
] as [string, Parameters<typeof brokenInFaults>[0], string[]][])(
  "faults that a run stood: %s",
  ([, done, sentences]) => {
    expect(brokenInFaults(done)).toEqual(sentences);
  },
);
