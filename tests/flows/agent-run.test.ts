import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runAgent } from "@omoios/runner/run-agent";
import { type Client, createClient } from "@omoios/sdk/client";
import { followEvents } from "@omoios/sdk/follow-events";
import { paginate } from "@omoios/sdk/paginate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { program } from "../harness/built/built.ts";
import { type ProcessPlane, startProcessPlane } from "../harness/process-plane.ts";
import { untilHolds } from "../harness/until.ts";

const HAND_IN = `node '${join(import.meta.dirname, "hand-in.mjs")}'`;
const PHASES = ["REQUIREMENTS", "DESIGN", "IMPLEMENTATION", "BUILDING_DONE", "TESTING", "DEPLOYMENT"].map(
  (name) => `PHASE_${name}`,
);
const CAPABILITIES = ["analysis", "design", "code", "packaging", "testing", "deployment"];

let plane: ProcessPlane;
/** How runners reach it. */
let place: { url: string; api_key: string };
let client: Client;
let workdir: string;
const runners: ChildProcess[] = [];
beforeAll(async () => {
  plane = await startProcessPlane({ OMOI_LIMITS__LEASE_SECONDS: "3" });
  place = { url: plane.url, api_key: plane.operator_key };
  client = createClient(place);
  workdir = mkdtempSync(join(tmpdir(), "omoi-flow-work-"));
});
afterAll(async () => {
  for (const runner of runners) if (runner.exitCode === null && runner.signalCode === null) runner.kill("SIGKILL");
  await plane.remove();
  rmSync(workdir, { recursive: true, force: true });
});

/** Types of the events about a subject, as one who follows the log reads them, up to the first of that type. */
async function followedUntil(type: string, subject: string): Promise<string[]> {
  const types: string[] = [];
  for await (const { event } of followEvents(client, { subject, poll_ms: 100 })) {
    types.push(event.type);
    if (event.type === type) break;
  }
  return types;
}

test("a task whose runner is killed is worked again once, under a new fence", async () => {
  const { ticket_id } = await client.createTicket({ body: { title: "Survive a kill" } });
  const task = await client.createTask({
    body: { ticket_id, title: "Write", phase_id: "PHASE_DESIGN", required_capabilities: ["survival"] },
  });
  const params = { task_id: task.task_id };
  const words = ["agent", "run", "--phases", "PHASE_DESIGN", "--capabilities", "survival", "--exec", "sleep 1000"];
  const runner = spawn(
    process.execPath,
    [await program("omoi"), ...words, "--workdir", workdir, "--heartbeat-seconds", "1"],
    {
      env: { ...process.env, OMOI_URL: place.url, OMOI_API_KEY: place.api_key },
      stdio: "ignore",
    },
  );
  runners.push(runner);
  await untilHolds(async () => expect((await client.getTask({ params })).status).toBe("running"));
  runner.kill("SIGKILL");
  await once(runner, "exit");
  // The lease was short to be lost: the next holder, and the other tests, have the time that they need.
  await plane.restart({ OMOI_LIMITS__LEASE_SECONDS: "120" });
  const options = { command: HAND_IN, phase_ids: ["PHASE_DESIGN"], capabilities: ["survival"], max_tasks: 1, workdir };
  const second = runAgent({ ...place, ...options, heartbeat_ms: { idle: 1_000, running: 1_000 } });
  expect(await second.finished).toMatchObject({ claimed: 1, completed: 1 });
  const { items } = await client.listTaskAttempts({ params });
  // A runner that is slower than its lease loses it more than once before it is killed.
  expect(new Set(items.slice(0, -1).map(({ outcome }) => outcome))).toEqual(new Set(["lease_lost"]));
  expect(items.at(-1)).toMatchObject({ outcome: "completed" });
  expect(new Set(items.map(({ fence }) => fence)).size).toBe(items.length);
  expect(await followedUntil("task.completed", task.task_id)).toContain("task.lease_expired");
});

test("a command works a ticket from its requirements to done, each gate passed by what it hands in", async () => {
  const ticket = await client.createTicket({ body: { title: "Quoted fields", start: true } });
  const params = { ticket_id: ticket.ticket_id };
  const run = runAgent({
    ...place,
    command: HAND_IN,
    phase_ids: PHASES,
    capabilities: CAPABILITIES,
    workdir,
    heartbeat_ms: { idle: 1_000, running: 1_000 },
  });
  await untilHolds(async () => expect((await client.getTicket({ params })).status).toBe("done"), {
    timeout_ms: 280_000,
  });
  run.stop("the ticket is done");
  expect(await followedUntil("ticket.completed", ticket.ticket_id)).toContain("ticket.gate_evaluated");
  const summary = await run.finished;
  const tasks = [];
  for await (const task of paginate(client, "listTicketTasks", { params })) tasks.push(task);
  expect(summary).toEqual({ claimed: tasks.length, completed: tasks.length, failed: 0, released: 0, dropped: 0 });
  expect(tasks.every(({ status, attempt }) => status === "completed" && attempt === 1)).toBe(true);
  const { items: history } = await client.getTicketHistory({ params });
  expect(history.map(({ to }) => to)).toEqual(["PHASE_DONE", ...[...PHASES].reverse(), "PHASE_BACKLOG"]);
});
