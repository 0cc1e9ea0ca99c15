import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readIdentity, writeIdentity } from "@omoios/runner/identity-file";
import { createAgent } from "@omoios/sdk/agent";
import { keyId } from "@omoios/sdk/agent-key";
import { registerAgent } from "@omoios/sdk/register-agent";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { handler as sweep } from "../../functions/schedules/sweep.ts";
import { omoiProcess } from "../clients/omoi-process.ts";
import { processesOf, STUBBORN_PROCESSES, STUBBORN_TREE } from "../clients/runner-processes.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";
import { type RunnerProcess, startRunner } from "./runner-process.ts";

const HANG = `${STUBBORN_TREE} while :; do sleep 1000; done`;
const PHASE = "PHASE_IMPLEMENTATION";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let plane: TestPlane;
let folder: string;
let runners: RunnerProcess[];
beforeAll(async () => {
  plane = await startTestPlane({
    // Long enough that a busy machine's runner, which beats each 0.4 s, is not taken for a silent one.
    heartbeat_idle_seconds: 3,
    heartbeat_running_seconds: 3,
    heartbeat_tolerance_seconds: 2,
    heartbeat_judged_every_seconds: 1,
    // At that pace, beats pass while a claim's answer is on its way.
    beats_without_task: 50,
    old_key_seconds: 1,
    // Runners that earlier tests killed must not make a silence of one a silence of many.
    mass_silence__agents: 100,
  });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "omoi-orders-"));
  runners = [];
});
afterEach(async () => {
  for (const { process: runner } of runners) {
    if (runner.exitCode === null && runner.signalCode === null) runner.kill("SIGKILL");
  }
  await Promise.all(runners.map(({ exited }) => exited));
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => plane.stop());

/** A runner that takes tasks of this need alone. */
function started(need: string, exec: string, ...more: string[]): RunnerProcess {
  const words = ["--phases", PHASE, "--capabilities", need, "--exec", exec, "--workdir", join(folder, "work")];
  const pace = ["--heartbeat-seconds", "0.4", "--grace-seconds", "0.3"];
  const runner = startRunner({ url: plane.url, api_key: plane.operator_key }, [...words, ...pace, ...more]);
  runners.push(runner);
  return runner;
}

const omoi = (...args: string[]) => omoiProcess(args, { OMOI_URL: plane.url, OMOI_API_KEY: plane.operator_key });
const said = ({ log }: RunnerProcess, kind: string) => log.filter((line) => line.kind === kind).map(({ text }) => text);
const untilSaid = (runner: RunnerProcess, kind: string, text = "") =>
  until(`the runner said ${kind} ${text}`, async () => said(runner, kind).find((line) => line.includes(text)));
/** The agent that the runner registered last. */
async function agentOf(runner: RunnerProcess, earlier: readonly string[] = []): Promise<string> {
  return until("the runner had an agent", async () => {
    const ids = said(runner, "registered").map((text) => /agent_[0-9a-f-]+/.exec(text)?.[0]);
    return ids.find((id) => id !== undefined && !earlier.includes(id));
  });
}
const read = (agent_id: string) => plane.operator.getAgent({ params: { agent_id } });

/** A task of a need that nobody else has, and a runner that works it. */
async function working(exec: string, ...more: string[]) {
  const need = `need-${Math.random().toString(36).slice(2)}`;
  const { ticket_id } = await plane.operator.createTicket({ body: { title: "Orders" } });
  const body = { ticket_id, title: "Work", phase_id: PHASE, required_capabilities: [need] };
  const { task_id } = await plane.operator.createTask({ body });
  const runner = started(need, exec, ...more);
  const agent_id = await agentOf(runner);
  await until("the task ran", async () => (await plane.operator.getTask({ params: { task_id } })).status === "running");
  return { need, task_id, runner, agent_id, body };
}

const attemptsAt = async (task_id: string) =>
  (await plane.operator.listTaskAttempts({ params: { task_id } })).items.map(({ outcome }) => outcome);

describe("a runner that is told to take a new key", () => {
  it("signs with it from then on, and has it in its file before the old one is gone", async () => {
    const file = join(folder, "agent.json");
    const runner = started("rotation", "true", "--identity", file);
    const agent_id = await agentOf(runner);
    const { key_id } = await read(agent_id);
    const ordered = await omoi("agent", "rotate-key", agent_id, "--reason", "the host was copied");
    expect(ordered).toMatchObject({ exit: 0, out: expect.stringContaining(agent_id) });
    await untilSaid(runner, "rotated");
    const after = await read(agent_id);
    expect(after.key_id).not.toBe(key_id);
    const kept = await readIdentity(file, plane.url);
    expect(kept && (await keyId(kept.private_key))).toBe(after.key_id);
    expect(JSON.parse(readFileSync(file, "utf8"))).not.toHaveProperty("next_key");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    // Whatever it was, its next process goes on with what is in the file.
    runner.process.kill("SIGKILL");
    await runner.exited;
    const again = started("rotation", "true", "--identity", file);
    expect(await untilSaid(again, "resumed")).toBe(`${agent_id} goes on`);
  });

  it.each([
    { when: "before the plane was told", told: false },
    { when: "after the plane was told", told: true },
  ])("goes on as the same agent where it died $when", async ({ told }) => {
    const file = join(folder, "agent.json");
    const worker = { agent_type: "worker", phase_ids: [PHASE], capabilities: ["death"], version: "1.0.0" } as const;
    const words = { ...worker, phase_ids: [PHASE], capabilities: ["death"] };
    const { identity } = await registerAgent(plane.operator, words);
    const agent = createAgent({ url: plane.url, ...identity });
    await agent.start();
    const dying = agent.rotateKey(async (kept) => {
      if (kept.next_key !== undefined) await writeIdentity(file, plane.url, kept);
      if (kept.next_key === undefined || !told) throw new Error("the process died");
    });
    await expect(dying).rejects.toThrow("died");
    const { key_id } = await read(identity.agent_id);
    expect(key_id === (await keyId(identity.private_key))).toBe(!told);
    const runner = started("death", "true", "--identity", file);
    expect(await untilSaid(runner, "resumed")).toBe(`${identity.agent_id} goes on`);
  });
});

describe("a runner whose agent is restarted", () => {
  it("hands its task back and comes back as the replacement, which finishes it", async () => {
    const exec = `if [ -e '${join(folder, "again")}' ]; then exit 0; fi; touch '${join(folder, "again")}'; ${HANG}`;
    // The agent has ten seconds, whatever its command was promised.
    const { runner, agent_id, task_id } = await working(exec, "--grace-seconds", "600");
    await until("the tree stood", async () => processesOf(task_id).length >= STUBBORN_PROCESSES);
    await plane.operator.restartAgent({ params: { agent_id }, body: { reason: "it hangs" } });
    const successor = await agentOf(runner, [agent_id]);
    expect(await read(successor)).toMatchObject({ replaces: agent_id });
    await until("the task was completed", async () => {
      return (await plane.operator.getTask({ params: { task_id } })).status === "completed";
    });
    expect(await attemptsAt(task_id)).toEqual(["released", "completed"]);
    expect(await read(agent_id)).toMatchObject({ status: "TERMINATED" });
    expect(processesOf(task_id)).toEqual([]);
    const events = await until("a replacement was asked for", async () => {
      const { items } = await plane.operator.listEvents({ query: { subject: agent_id } });
      return items.some(({ type }) => type === "agent.replacement_requested") && items;
    });
    expect(events.filter(({ type }) => type === "agent.replacement_requested")).toHaveLength(1);
  });
});

describe("a runner whose agent is ended", () => {
  it("by its removal hands the task back, leaves no process, and is exit code 0", async () => {
    const { runner, agent_id, task_id } = await working(HANG);
    await until("the tree stood", async () => processesOf(task_id).length >= STUBBORN_PROCESSES);
    await plane.operator.deleteAgent({ params: { agent_id }, body: { reason: "the host goes" } });
    expect(await runner.exited).toEqual([0, null]);
    expect(processesOf(task_id)).toEqual([]);
    expect(await attemptsAt(task_id)).toEqual(["released"]);
    expect(await read(agent_id)).toMatchObject({ status: "TERMINATED" });
    expect(said(runner, "registered")).toHaveLength(1);
  });

  it("by its silence comes back in its place when it is heard of again", async () => {
    const { runner, agent_id, task_id } = await working(HANG);
    runner.process.kill("SIGSTOP");
    await until("the agent failed", async () => {
      await sweep();
      return (await read(agent_id)).status === "FAILED";
    });
    runner.process.kill("SIGCONT");
    const successor = await agentOf(runner, [agent_id]);
    expect(await read(successor)).toMatchObject({ replaces: agent_id });
    expect(
      await until("the task was taken anew", async () => {
        const outcomes = await attemptsAt(task_id);
        return outcomes.length > 1 && outcomes;
      }),
    ).toEqual(["lease_lost", "running"]);
  });
});

it("a runner ends the whole tree of a task that is cancelled, says nothing of it, and takes the next", async () => {
  const exec = `if grep -q 'Second' "$OMOI_TASK_FILE"; then exit 0; fi; ${HANG}`;
  const { runner, task_id, body } = await working(exec);
  await until("the tree stood", async () => processesOf(task_id).length >= STUBBORN_PROCESSES);
  await plane.operator.cancelTask({ params: { task_id }, body: { reason: "not needed any more" } });
  const next = await plane.operator.createTask({ body: { ...body, title: "Second" } });
  await until("the next was completed", async () => {
    return (await plane.operator.getTask({ params: { task_id: next.task_id } })).status === "completed";
  });
  expect(processesOf(task_id)).toEqual([]);
  expect(await attemptsAt(task_id)).toEqual(["cancelled"]);
  expect(runner.log.filter((line) => line.task_id === task_id).map(({ kind }) => kind)).toEqual(["claimed", "dropped"]);
});

describe("messages to a channel", () => {
  it("are on the runner's log once, and acknowledged", async () => {
    // Of a phase of its own: the agents of runners that were killed acknowledge nothing.
    const runner = started("mail", "true", "--phases", "PHASE_TESTING");
    const agent_id = await agentOf(runner);
    const sequence = async () => (await plane.operator.getAgentHealth({ params: { agent_id } })).sequence_number;
    const numbers = Array.from({ length: 9 }, (_, n) => n + 1);
    for (const n of numbers) {
      // A beat acknowledges them. So many fit beside each other without one.
      if (n === numbers.length) {
        const then = await sequence();
        await until("it beat on", async () => (await sequence()) > then + 1);
      }
      const sent = await plane.operator.sendAgentMessage({
        body: { channel: "phase:PHASE_TESTING", body: `message ${n}.` },
      });
      expect(sent).toMatchObject({ full: 0 });
      await untilSaid(runner, "message", `message ${n}.`);
    }
    expect(said(runner, "message")).toEqual(numbers.map((n) => `phase:PHASE_TESTING: message ${n}.`));
  });

  it("to shut down end every runner with exit code 0, and one that comes back under its kept identity is not ended by them again", async () => {
    const file = join(folder, "agent.json");
    const kept = started("kept", "true", "--identity", file);
    const { runner, task_id } = await working(HANG);
    const agent_id = await agentOf(kept);
    const sent = await omoi("agent", "message", "the room is closed", "--channel", "shutdown");
    expect(sent).toMatchObject({ exit: 0, out: expect.stringMatching(/^msg_\w+ to \d+ agents/) });
    expect(await Promise.all([kept.exited, runner.exited])).toEqual([
      [0, null],
      [0, null],
    ]);
    expect(await attemptsAt(task_id)).toEqual(["released"]);
    const again = started("kept", "true", "--identity", file);
    const successor = await agentOf(again, [agent_id]);
    const health = () => plane.operator.getAgentHealth({ params: { agent_id: successor } });
    const sequence = async () => (await health()).sequence_number;
    const then = await sequence();
    await until("it beat on", async () => (await sequence()) > then + 1);
    expect(said(again, "message")).toEqual([]);
  });
});

it("a command that announces silence has it promised, and is not taken for a silent one", async () => {
  const exec = 'echo "omoi:quiet 300 asking the model"; sleep 3; echo done';
  const { runner, agent_id, task_id } = await working(exec, "--silence-seconds", "1");
  await until("the silence was promised", async () => {
    const { awaited_until } = await plane.operator.getAgentHealth({ params: { agent_id } });
    return Date.parse(awaited_until ?? "") > Date.now() + 200_000;
  });
  await untilSaid(runner, "completed");
  expect(await attemptsAt(task_id)).toEqual(["completed"]);
});
