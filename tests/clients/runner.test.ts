import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "@omoios/kernel/problem";
import { expect, test } from "vitest";
import { untilHolds } from "../harness/until.ts";
import { runnerBench } from "./runner-bench.ts";
import { processesOf } from "./runner-processes.ts";
import type { TaskRow } from "./small-plane.ts";

const bench = runnerBench();
const lastWord = (task: TaskRow) => task.word as { error: { message: string; kind: string }; handoff?: unknown };

test("a command gets the task on standard input, in a file and in variables, and hands in what it wrote", async () => {
  const task = bench.plane.addTask("write it");
  const { finished } = bench.start(
    `cat > stdin.json && cmp stdin.json stdin.json && test "$PWD" = "$OMOI_WORKDIR" && test -z "$OMOI_API_KEY" &&
     node -e '
       const task = JSON.parse(require("fs").readFileSync(process.env.OMOI_TASK_FILE, "utf8"));
       const input = JSON.parse(require("fs").readFileSync("stdin.json", "utf8"));
       const { OMOI_TASK_ID: id, OMOI_FENCE: fence, OMOI_URL: url } = process.env;
       if (JSON.stringify(task) !== JSON.stringify(input) || task.task_id !== id || task.fence !== Number(fence)) process.exit(9);
       const output = { summary: task.title + " at " + url, notes: task.context.notes };
       const artifacts = [{ type: "code_changes", path: "src", metadata: { has_tests: true } }];
       require("fs").writeFileSync(process.env.OMOI_RESULT_FILE, JSON.stringify({ output, artifacts, metrics: { lines: 3 } }));
     ' && echo "omoi:progress 50 half way" && sleep 1.2`,
    { max_tasks: 1 },
  );
  expect(await finished).toEqual({ claimed: 1, completed: 1, failed: 0, released: 0, dropped: 0 });
  expect(task.word).toEqual({
    fence: 1,
    result: {
      success: true,
      output: { summary: `write it at ${bench.plane.url}`, notes: ["mind the gap"] },
      artifacts: [{ type: "code_changes", path: "src", metadata: { has_tests: true } }],
      metrics: { lines: 3 },
    },
  });
  expect(task.progress).toEqual([
    { fence: 1, percent: 50, note: "half way", event_hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
  expect(readdirSync(bench.workdir)).toEqual([]);
  expect([...bench.plane.agents.rows.values()].map(({ status }) => status)).toEqual(["TERMINATED"]);
});

test("a command that fails hands in exit code, last error line and last lines, and its handoff", async () => {
  const task = bench.plane.addTask("fail");
  await bench.start(
    `echo working; echo 'fatal: no space' >&2; echo '{"handoff":{"remaining":["all"]}}' > "$OMOI_RESULT_FILE"; exit 3`,
    { max_tasks: 1 },
  ).finished;
  const { error, handoff } = lastWord(task);
  expect(error.message.split("\n")[0]).toBe("exit code 3: fatal: no space");
  expect(error.message).toContain("working");
  expect(handoff).toEqual({ remaining: ["all"] });
});

test.each([
  ["bad JSON", "{oops", /^result file: bad JSON/],
  [
    "bad JSON that is quoted up to the middle of a character",
    `{"a": x${"🦊".repeat(20)}}`,
    /^result file: bad JSON .*🦊/,
  ],
  ["an unknown member", '{"artefacts":[]}', /artefacts/],
  ["a fault in an artifact", '{"artifacts":[{"type":"Code","path":"x"}]}', /artifacts\.0\.type: must be snake_case/],
])("a result file with %s fails the task and says why", async (_, text, message) => {
  const task = bench.plane.addTask("bad result");
  writeFileSync(join(bench.workdir, "given.json"), text);
  await bench.start(`cp '${join(bench.workdir, "given.json")}' "$OMOI_RESULT_FILE"`, { max_tasks: 1 }).finished;
  expect(task.status).toBe("failed");
  const said = lastWord(task).error.message;
  expect(said).toMatch(message);
  expect(said.isWellFormed()).toBe(true);
});

test("a result file of more than a megabyte fails the task without being read", async () => {
  const task = bench.plane.addTask("large result");
  await bench.start(`head -c 1000001 /dev/zero | tr '\\0' x > "$OMOI_RESULT_FILE"`, { max_tasks: 1 }).finished;
  expect(lastWord(task).error.message).toMatch(/^result file: 1000001 bytes/);
});

test("a completion whose answers are lost is said again under the same fence until it is answered", async () => {
  const task = bench.plane.addTask("be heard");
  bench.plane.spoil("completeTask", "drop_answer", 3);
  bench.plane.spoil("completeTask", new Problem("plane.unavailable"), 3);
  expect(await bench.start("true", { max_tasks: 1 }).finished).toMatchObject({ completed: 1 });
  expect(
    bench.plane.calls
      .filter(({ name }) => name === "completeTask")
      .map(({ body }) => (body as { fence: number }).fence),
  ).toEqual([1, 1, 1, 1, 1, 1, 1]);
  expect(task.status).toBe("completed");
});

test("a result that the plane refuses becomes a failure that names the faults", async () => {
  const task = bench.plane.addTask("be refused");
  const errors = [{ path: "/result/output", message: "is too strange" }];
  bench.plane.spoil("completeTask", new Problem("request.invalid", { errors }));
  expect(await bench.start("true", { max_tasks: 1 }).finished).toMatchObject({ failed: 1 });
  expect(lastWord(task).error.message).toContain("/result/output: is too strange");
});

test("an agent that the plane has ended drops its tasks and comes back in place of itself", async () => {
  const task = bench.plane.addTask("outlive the agent");
  const run = bench.start("while [ ! -e ../../go ]; do sleep 0.05; done", {
    heartbeat_ms: { idle: 100, running: 100 },
  });
  await untilHolds(() => expect(processesOf(task.task_id).length).toBeGreaterThan(0));
  const [first] = [...bench.plane.agents.rows.values()];
  if (first === undefined) throw new Error("no agent has registered");
  first.status = "TERMINATED";
  Object.assign(task, { status: "ready" });
  writeFileSync(join(bench.workdir, "go"), "");
  await untilHolds(() => expect(task.status).toBe("completed"));
  run.stop("enough");
  await run.finished;
  expect([...bench.plane.agents.rows.values()].map(({ replaces }) => replaces)).toEqual([undefined, first.agent_id]);
  expect(task.fence).toBe(2);
});

test("as many tasks run at once as the capacity says, and once ends when nothing is left", async () => {
  const tasks = [1, 2, 3, 4, 5].map((n) => bench.plane.addTask(`task ${n}`));
  const meet = `mkdir "../../here-$OMOI_TASK_ID"; while [ $(ls -d ../../here-* | wc -l) -lt 3 ]; do sleep 0.05; done`;
  expect(await bench.start(meet, { capacity: 3, once: true, claim_wait_ms: 0 }).finished).toMatchObject({
    claimed: 5,
    completed: 5,
  });
  expect(tasks.every(({ status, fence }) => status === "completed" && fence === 1)).toBe(true);
});

test("an identity file lets the agent go on after its runner was killed; it is readable by its user alone", async () => {
  const identity_file = join(bench.workdir, "agent.json");
  const task = bench.plane.addTask("first");
  const killed = bench.start("while :; do sleep 1000; done", { identity_file });
  await untilHolds(() => expect(processesOf(task.task_id).length).toBeGreaterThan(0));
  expect(statSync(identity_file).mode & 0o777).toBe(0o600);
  await killed.kill();
  await killed.finished;
  bench.plane.addTask("second");
  await bench.start("true", { identity_file, max_tasks: 1 }).finished;
  expect(bench.plane.agents.rows.size).toBe(1);
  expect(bench.events.map(({ kind }) => kind)).toContain("resumed");
});

test("a run that ends as planned leaves no agent that is waited for, and the next start replaces it under its key", async () => {
  const identity_file = join(bench.workdir, "agent.json");
  const rows = () => [...bench.plane.agents.rows.values()];
  bench.plane.addTask("first");
  await bench.start("true", { identity_file, max_tasks: 1 }).finished;
  expect(rows().map(({ status }) => status)).toEqual(["TERMINATED"]);
  bench.plane.addTask("second");
  await bench.start("true", { identity_file, max_tasks: 1 }).finished;
  const [first, second] = rows();
  expect(second).toMatchObject({ status: "TERMINATED", replaces: first?.agent_id, key: first?.key });
});

test("a registration that is refused ends the run with the plane's own words", async () => {
  bench.plane.spoil(
    "registerAgent",
    new Problem("agent.registration_refused", { detail: "version 1.0.0 is not supported" }),
  );
  await expect(bench.start("true").finished).rejects.toThrow("version 1.0.0 is not supported");
});

test("kept working directories hold the task, the result and the work", async () => {
  const task = bench.plane.addTask("keep");
  await bench.start('echo hello > note; echo {} > "$OMOI_RESULT_FILE"', { max_tasks: 1, keep_workdirs: true }).finished;
  const root = join(bench.workdir, `${task.task_id}-1`);
  expect(readFileSync(join(root, "work", "note"), "utf8")).toBe("hello\n");
  expect(readdirSync(root).sort()).toEqual(["result.json", "run.json", "task.json", "work"]);
});
