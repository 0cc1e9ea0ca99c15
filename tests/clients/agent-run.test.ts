import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { program } from "../harness/built/built.ts";
import { untilHolds } from "../harness/until.ts";
import { processesOf, STUBBORN_PROCESSES, STUBBORN_TREE } from "./runner-processes.ts";
import { API_KEY, type SmallPlane, startSmallPlane } from "./small-plane.ts";

/** `omoi` as it is installed. */
const BIN = join(import.meta.dirname, "../../packages/cli/bin/omoi.mjs");
const HANG = `${STUBBORN_TREE} while :; do sleep 1000; done`;

let plane: SmallPlane;
let workdir: string;
let runners: ChildProcess[];
beforeEach(async () => {
  plane = await startSmallPlane();
  workdir = mkdtempSync(join(tmpdir(), "omoi-agent-run-test-"));
  runners = [];
});
afterEach(async () => {
  for (const runner of runners) if (runner.exitCode === null && runner.signalCode === null) runner.kill("SIGKILL");
  await plane.close();
  rmSync(workdir, { recursive: true, force: true });
});

function start(omoi: string, ...more: string[]) {
  const args = [omoi, "agent", "run", "--phases", "PHASE_IMPLEMENTATION", "--workdir", workdir, ...more];
  const env = { ...process.env, OMOI_URL: plane.url, OMOI_API_KEY: API_KEY };
  const runner = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  runners.push(runner);
  const output: string[] = [];
  for (const stream of [runner.stdout, runner.stderr])
    stream.setEncoding("utf8").on("data", (text) => output.push(text));
  return { runner, exited: once(runner, "exit"), text: () => output.join("") };
}

test("Ctrl-C hands the task back, leaves no process and no folder, and is exit code 0", async () => {
  const task = plane.addTask("be interrupted");
  const { runner, exited, text } = start(BIN, "--exec", HANG, "--grace-seconds", "0.3");
  await untilHolds(() => expect(processesOf(task.task_id).length).toBeGreaterThanOrEqual(STUBBORN_PROCESSES));
  runner.kill("SIGINT");
  expect(await exited).toEqual([0, null]);
  expect(task.word).toEqual({ fence: 1, reason: "the runner was stopped (SIGINT)" });
  expect(processesOf(task.task_id)).toEqual([]);
  expect(readdirSync(workdir)).toEqual([]);
  expect(text()).toMatch(/claimed\s+task_\w+\s+be interrupted/);
});

test.each([
  ["nowhere/agent.json", /cannot be written \(ENOENT\): name a file in a folder/],
  [".", /cannot be read \(EISDIR\): name another file/],
])("an identity that could not be kept in %s is wrong use, and nobody is registered", async (name, message) => {
  const omoi = await program("omoi");
  const { exited, text } = start(omoi, "--exec", "true", "--identity", join(workdir, name));
  expect(await exited).toEqual([2, null]);
  expect(text()).toMatch(message);
  expect(plane.agents.rows.size).toBe(0);
});

test("a second Ctrl-C ends everything at once, whatever grace was given", async () => {
  const task = plane.addTask("be ended");
  const { runner, exited, text } = start(await program("omoi"), "--exec", HANG, "--grace-seconds", "600");
  await untilHolds(() => expect(processesOf(task.task_id).length).toBeGreaterThanOrEqual(STUBBORN_PROCESSES));
  runner.kill("SIGINT");
  await untilHolds(() => expect(text()).toContain("once more ends them at once"));
  runner.kill("SIGINT");
  expect(await exited).toEqual([1, null]);
  expect(processesOf(task.task_id)).toEqual([]);
});

test("a runner that is killed outright takes its commands with it", async () => {
  const task = plane.addTask("be orphaned");
  const { runner, exited } = start(await program("omoi"), "--exec", HANG);
  await untilHolds(() => expect(processesOf(task.task_id).length).toBeGreaterThanOrEqual(STUBBORN_PROCESSES));
  runner.kill("SIGKILL");
  await exited;
  await untilHolds(() => expect(processesOf(task.task_id)).toEqual([]));
});
