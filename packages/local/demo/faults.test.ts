import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { commandOf } from "../src/processes.ts";
import type { Activity } from "./activity.ts";
import { atWork } from "./faults.ts";
import { descendantsOf, killTree } from "./process-tree.ts";

const entry = (agent: string, step: Activity["step"]): Activity => ({
  agent,
  step,
  task_id: "task_1",
  ref: "CSV-1",
  phase_id: "PHASE_IMPLEMENTATION",
});

test.for([
  ["nobody works", [], undefined],
  ["one tests", [entry("d1", "started"), entry("d1", "testing")], "d1"],
  ["one has handed in since", [entry("d1", "testing"), entry("d1", "handed_in")], undefined],
  ["another one has handed in since", [entry("d1", "testing"), entry("b1", "handed_in")], "d1"],
  ["nobody tests", [entry("b1", "started"), entry("b1", "handed_in")], undefined],
] as [string, Activity[], string | undefined][])("the agent in the middle of a task: %s", ([, entries, agent]) => {
  expect(atWork(entries)?.agent).toBe(agent);
});

test("descendants are found through every generation, and nothing else", () => {
  const table: [number, number][] = [
    [1, 0],
    [10, 1],
    [11, 10],
    [12, 11],
    [20, 1],
  ];
  expect(descendantsOf(10, table)).toEqual([11, 12]);
});

test("a tree is ended with what left its process group", async () => {
  // The grandchild leads a group of its own, as agents' tools do.
  const script = `
    const { spawn } = require("node:child_process");
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true });
    console.log(child.pid);
    setInterval(() => {}, 1000);
  `;
  const root = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"], detached: true });
  const [line] = await once(root.stdout, "data");
  const exit = once(root, "exit");
  killTree(Number(root.pid));
  expect(await exit).toEqual([null, "SIGKILL"]);
  await expect.poll(() => commandOf(Number(line))).toBe(undefined);
});
