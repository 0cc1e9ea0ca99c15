import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { untilHolds } from "../harness/until.ts";
import { runnerBench } from "./runner-bench.ts";
import { awayWithOutput, processesOf, STUBBORN_PROCESSES, STUBBORN_TREE } from "./runner-processes.ts";
import type { TaskRow } from "./small-plane.ts";

const bench = runnerBench();
const lastWord = (task: TaskRow) => task.word as { error: { message: string; kind: string }; handoff?: unknown };

test("a command that is silent for too long is ended with its whole tree, whatever that did to get away", async () => {
  const task = bench.plane.addTask("hang");
  const run = bench.start(`${STUBBORN_TREE}\nwhile :; do sleep 1000; done`, { silence_seconds: 1, max_tasks: 1 });
  await untilHolds(() => expect(processesOf(task.task_id).length).toBeGreaterThanOrEqual(STUBBORN_PROCESSES));
  await run.finished;
  expect(processesOf(task.task_id)).toEqual([]);
  expect(lastWord(task).error).toMatchObject({ kind: "silent", retryable: true });
  expect(lastWord(task).error.message).toMatch(/^silent for 1 s: planted/);
  expect(task.progress).toEqual([]);
  expect(readdirSync(bench.workdir)).toEqual([]);
});

test("what a command leaves behind when it ends well is ended too, before the result is handed in", async () => {
  const task = bench.plane.addTask("leave a daemon");
  await bench.start(STUBBORN_TREE, { max_tasks: 1 }).finished;
  expect(task.status).toBe("completed");
  expect(processesOf(task.task_id)).toEqual([]);
});

test("a process that got away with the command's output holds nothing up: what was said is read, and the result handed in", async () => {
  const task = bench.plane.addTask("leave the output open");
  const away = awayWithOutput(bench.workdir);
  const run = bench.start(`${away.command}\nprintf 'half a line' >&2; exit 3`, { max_tasks: 1 });
  await run.finished;
  expect(away.lives()).toBe(true);
  away.end();
  expect(lastWord(task).error.message).toBe("exit code 3: half a line");
});

test("a stop is not held up either by a process that got away with the output", async () => {
  const task = bench.plane.addTask("be stopped");
  const away = awayWithOutput(bench.workdir);
  const run = bench.start(`${away.command}\nwhile :; do sleep 1000; done`, { max_tasks: 1 });
  await untilHolds(() => expect(away.lives()).toBe(true));
  run.stop("maintenance");
  expect(await run.finished).toMatchObject({ released: 1 });
  expect(away.lives()).toBe(true);
  away.end();
  expect(processesOf(task.task_id)).toEqual([]);
});

test("output keeps a command from counting as silent, and renews the lease without inventing progress", async () => {
  bench.plane.lease_seconds = 1;
  const task = bench.plane.addTask("talk");
  const talk = "for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do echo $n; sleep 0.25; done";
  const began = performance.now();
  await bench.start(talk, { silence_seconds: 3, max_tasks: 1 }).finished;
  const leases = (performance.now() - began) / 1_000;
  expect(task.status).toBe("completed");
  expect(task.progress.length).toBeGreaterThanOrEqual(2);
  expect(task.progress.length).toBeLessThanOrEqual(3 * leases + 1);
  expect(task.progress.every((words) => Object.keys(words).join() === "fence,event_hash")).toBe(true);
  expect(new Set(task.progress.map(({ event_hash }) => event_hash)).size).toBe(task.progress.length);
});

test("a lease that is lost ends the tree at the next progress, and nothing is said about the task", async () => {
  const task = bench.plane.addTask("lose it");
  const run = bench.start("while :; do echo omoi:progress 10 on; sleep 0.1; done", { max_tasks: 1 });
  await untilHolds(() => expect(task.progress.length).toBeGreaterThan(0));
  bench.plane.takeBack(task);
  expect(await run.finished).toMatchObject({ claimed: 1, dropped: 1 });
  expect(processesOf(task.task_id)).toEqual([]);
  expect(task.word).toBeUndefined();
});

test("a task that a heartbeat's answer names as stopped is ended", async () => {
  const task = bench.plane.addTask("be cancelled");
  const run = bench.start("sleep 1000", { max_tasks: 1, heartbeat_ms: { idle: 100, running: 100 } });
  await untilHolds(() => expect(processesOf(task.task_id).length).toBeGreaterThan(0));
  for (const agent of bench.plane.agents.rows.values()) agent.stop_tasks.push(task.task_id);
  expect(await run.finished).toMatchObject({ dropped: 1 });
  expect(processesOf(task.task_id)).toEqual([]);
});

test("a task that the answer to another one's progress names as stopped is ended, and the other goes on", async () => {
  const [stopped, other] = [bench.plane.addTask("be cancelled"), bench.plane.addTask("speak")];
  const run = bench.start(
    `grep -q 'be cancelled' "$OMOI_TASK_FILE" && sleep 1000; while :; do echo omoi:progress 10; sleep 0.1; done`,
    { capacity: 2, max_tasks: 2 },
  );
  await untilHolds(() => expect(processesOf(stopped.task_id).length).toBeGreaterThan(0));
  bench.plane.stop_tasks.push(stopped.task_id);
  await untilHolds(() => expect(bench.events).toContainEqual(expect.objectContaining({ kind: "dropped" })));
  expect(processesOf(stopped.task_id)).toEqual([]);
  expect(processesOf(other.task_id).length).toBeGreaterThan(0);
  expect([stopped.word, other.word]).toEqual([undefined, undefined]);
  run.stop("enough");
  expect(await run.finished).toMatchObject({ dropped: 1, released: 1 });
});

test("a task that outlasts its time limit is ended; its verdict is left to the plane", async () => {
  const task = bench.plane.addTask("take for ever", 1);
  expect(await bench.start("while :; do echo on; sleep 0.2; done", { max_tasks: 1 }).finished).toMatchObject({
    dropped: 1,
  });
  expect(processesOf(task.task_id)).toEqual([]);
  expect(task.word).toBeUndefined();
});

test("a stop hands running tasks back with the reason and the handoff, and ends the agent", async () => {
  const tasks = [bench.plane.addTask("one"), bench.plane.addTask("two")];
  const run = bench.start(
    `echo '{"handoff":{"done":["a half"]}}' > "$OMOI_RESULT_FILE"; ${STUBBORN_TREE} while :; do sleep 1000; done`,
    { capacity: 2 },
  );
  await untilHolds(() =>
    expect(tasks.every((task) => processesOf(task.task_id).length >= STUBBORN_PROCESSES)).toBe(true),
  );
  run.stop("maintenance");
  expect(await run.finished).toMatchObject({ claimed: 2, released: 2 });
  for (const task of tasks) {
    expect(task.word).toEqual({ fence: 1, reason: "maintenance", handoff: { done: ["a half"] } });
    expect(processesOf(task.task_id)).toEqual([]);
  }
  expect([...bench.plane.agents.rows.values()].map(({ status }) => status)).toEqual(["TERMINATED"]);
});

test("a folder that a killed runner left is cleared at the next start; a stranger's is not touched", async () => {
  const stale = join(bench.workdir, "task_old-1");
  execFileSync("mkdir", ["-p", join(stale, "work"), join(bench.workdir, "mine")]);
  writeFileSync(join(stale, "run.json"), JSON.stringify({ run: "0123.task_old.1", runner_pid: 2 ** 22 + 1 }));
  const task = bench.plane.addTask("new");
  await bench.start("true", { max_tasks: 1 }).finished;
  expect(existsSync(stale)).toBe(false);
  expect(existsSync(join(bench.workdir, "mine"))).toBe(true);
  expect(task.status).toBe("completed");
});
