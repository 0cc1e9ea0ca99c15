import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "@omoios/cli/run-cli";
import { Problem } from "@omoios/kernel/problem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { cannedAnswers } from "./cli-answers.ts";
import { TASK_ID, TICKET_ID, ticketRow } from "./cli-rows.ts";
import { type RouteServer, startRouteServer } from "./route-server.ts";

const NOW = Date.parse("2026-03-01T10:05:00.000Z");

let plane: RouteServer;
let dataDir: string;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "omoi-cli-test-"));
  plane = await startRouteServer(cannedAnswers);
});
afterAll(async () => {
  await plane.close();
  rmSync(dataDir, { recursive: true });
});
beforeEach(() => void plane.calls.splice(0));

async function omoi(args: string[], options: { env?: NodeJS.ProcessEnv; columns?: number } = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const { env = { OMOI_URL: plane.url, OMOI_API_KEY: "omoi_sk_x" }, columns = Number.POSITIVE_INFINITY } = options;
  const write = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
  const exit = await runCli(args, { ...write, columns, colours: false, env, now: () => NOW });
  return { out: out.join(""), err: err.join(""), exit };
}

test("tickets are listed as a table", async () => {
  expect((await omoi(["ticket", "list"])).out).toMatchInlineSnapshot(`
    "TICKET                       PHASE                 STATUS  PRIORITY    AGE  TITLE
    ticket_0123456789abcdefghjk  PHASE_IMPLEMENTATION  open    HIGH      5 min  Read quoted fields that hold line ends
    ticket_0123456789abcdefghjk  PHASE_DONE            done    LOW       5 min  Read quoted fields that hold line ends
    "
  `);
});

test("a table is cut to the terminal's width, its words first and never its ids", async () => {
  const { out } = await omoi(["ticket", "list"], { columns: 90 });
  expect(Math.max(...out.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(90);
  expect(out).toContain(TICKET_ID);
  expect(out).toContain("…");
});

test("filters travel in the query, and --json answers the items as the API gave them", async () => {
  const { out } = await omoi(["ticket", "list", "--blocked", "--priority", "high", "--json"]);
  expect(plane.calls[0]?.query).toMatchObject({ blocked: "true", priority: "HIGH" });
  expect(JSON.parse(out)).toEqual({ items: [ticketRow({ status: "blocked", is_blocked: true })], more: false });
});

test("a ticket is shown with its tasks", async () => {
  expect((await omoi(["ticket", "show", TICKET_ID])).out).toMatchInlineSnapshot(`
    "ticket    ticket_0123456789abcdefghjk
    title     Read quoted fields that hold line ends
    phase     PHASE_IMPLEMENTATION, visit 1, since 2026-03-01 10:00:00
    status    open
    priority  HIGH
    labels    parser
    workflow  software_development
    created   2026-03-01 10:00:00

    TASK                       PHASE                 STATUS   WHY           TRIES  DONE    AGE  TITLE
    task_0123456789abcdefghjk  PHASE_IMPLEMENTATION  running                    2  40 %  5 min  Apply the change
    task_0123456789abcdefghjk  PHASE_IMPLEMENTATION  pending  dependencies      2        5 min  Apply the change
    "
  `);
});

test("a ticket is created from words and a file of tasks", async () => {
  const file = join(dataDir, "tasks.json");
  writeFileSync(file, JSON.stringify([{ ref: "a", title: "First" }]));
  const words = ["ticket", "create", "A title", "--label", "x", "--label", "y", "--tasks", file, "--start"];
  expect((await omoi(words)).exit).toBe(0);
  const tasks = [{ ref: "a", title: "First" }];
  expect(plane.calls[0]?.body).toEqual({ title: "A title", labels: ["x", "y"], tasks, start: true });
});

test("a task is shown with its last error", async () => {
  expect((await omoi(["task", "show", TASK_ID])).out).toMatchInlineSnapshot(`
    "task          task_0123456789abcdefghjk
    title         Apply the change
    ticket        ticket_0123456789abcdefghjk
    phase         PHASE_IMPLEMENTATION
    status        running
    type          implement
    priority      HIGH
    capabilities  lang:js
    agent         agent_0b4c1a52-6f4e-4f0e-8f7d-0123456789ab
    lease         fence 2 until 2026-03-01 10:02:00
    progress      40 %
    note          2026-03-01 10:01:00  Reads the parser
    attempts      2, 1 of 3 retries used
    created       2026-03-01 10:00:00
    ready         2026-03-01 10:00:00
    started       2026-03-01 10:00:00
    last error    retryable: exit code 1: 2 tests failed
    "
  `);
});

test("a task that waits is shown with its question", async () => {
  expect((await omoi(["task", "show", "task_asks"])).out).toContain("question      Tabs or spaces?\n");
});

test("the status of a stage: tickets by phase, tasks, agents, dead letters, pause", async () => {
  expect((await omoi(["status"])).out).toMatchInlineSnapshot(`
    "PHASE                 OPEN  BLOCKED  DONE  CANCELLED  TASKS READY  TASKS RUNNING  TASKS FAILED
    PHASE_IMPLEMENTATION     1                                      1              1
    PHASE_DONE                              1                       1              1

    agents        1 RUNNING, 1 IDLE
    dead letters  0
    claims        paused
    "
  `);
});

test("a ticket is watched until it ends: each change a line, and the exit code says how it ended", async () => {
  const { out, err, exit } = await omoi(["ticket", "watch", `${TICKET_ID.slice(0, -1)}z`, "--every-seconds", "0.01"]);
  expect(exit).toBe(0);
  expect(err.split("\n").slice(0, 2)).toEqual([
    "PHASE_IMPLEMENTATION  open  0 of 2 tasks ended",
    "PHASE_DONE  done  0 of 2 tasks ended",
  ]);
  expect(out).toContain("done");
});

test("events are lines of their own", async () => {
  expect((await omoi(["events"])).out).toMatchInlineSnapshot(`
    "2026-03-01 10:00:01  task.started              task_0123456789abcdefghjk  by agent_0b4c1a52-6f4e-4f0e-8f7d-0123456789ab  fence=2
    2026-03-01 10:00:02  task.completed            task_0123456789abcdefghjk  by agent_0b4c1a52-6f4e-4f0e-8f7d-0123456789ab
    "
  `);
});

test("a gate that has not passed is a no: exit code 1, with every reason", async () => {
  const { out, exit } = await omoi(["ticket", "gate", TICKET_ID]);
  expect(exit).toBe(1);
  expect(out).toMatchInlineSnapshot(`
    "phase    PHASE_IMPLEMENTATION, visit 1
    verdict  failed
    judged   2026-03-01 10:04:00
    - coverage is 79.9, below 80
    "
  `);
});

test("a refusal is told in two plain lines and is exit code 1", async () => {
  plane.spoil("cancelTicket", new Problem("ticket.closed"));
  const { err, exit } = await omoi(["ticket", "cancel", TICKET_ID, "--reason", "too late"]);
  expect({ err, exit }).toEqual({ err: "omoi: The ticket is done or cancelled\nOpen a new ticket.\n", exit: 1 });
});

test("input that the plane refuses names each fault and is exit code 2", async () => {
  const { err, exit } = await omoi(["ticket", "create", "x", "--priority", "urgent"]);
  expect(exit).toBe(2);
  expect(err).toMatch(/^omoi: The input has faults; \/priority .*CRITICAL.*\nMend each fault/);
});

test.each([
  [["ticket", "cancel", TICKET_ID], /required option '--reason/],
  [["ticket", "list", "--limit", "many"], /must be a whole number/],
  [["ticket", "fly"], /unknown command 'fly'/],
  [["ticket", "create", "x", "--tasks", "none.json"], /there is no file none\.json/],
])("wrong use is exit code 2 and says what is wrong: %j", async (args, message) => {
  const { err, exit } = await omoi(args);
  expect(exit).toBe(2);
  expect(err).toMatch(message);
  expect(err).not.toMatch(/ at .*\.ts:/);
});

test("without a plane it says how to come by one", async () => {
  expect(await omoi(["whoami"], { env: { OMOI_DATA_DIR: join(dataDir, "nowhere") } })).toEqual({
    out: "",
    err: "omoi: no plane found: start one with npm start, or set OMOI_URL and OMOI_API_KEY\n",
    exit: 2,
  });
});

test("half an address is told, not guessed at", async () => {
  const { err } = await omoi(["whoami"], { env: { OMOI_URL: plane.url } });
  expect(err).toBe("omoi: OMOI_URL is set, OMOI_API_KEY is not\n");
});

test("the plane of a data directory is found by its stage.json", async () => {
  writeFileSync(join(dataDir, "stage.json"), JSON.stringify({ url: plane.url, api_key: "omoi_sk_stage", pid: 1 }));
  const { exit } = await omoi(["task", "show", TASK_ID], { env: { OMOI_DATA_DIR: dataDir } });
  expect(exit).toBe(0);
  expect(plane.calls[0]?.headers.authorization).toBe("Bearer omoi_sk_stage");
});
