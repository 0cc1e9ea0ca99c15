import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "@omoios/cli/run-cli";
import type { RouteName } from "@omoios/contracts/routes";
import { Problem } from "@omoios/kernel/problem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { eventRow, page, TICKET_ID, ticketRow } from "./cli-rows.ts";
import { type Answer, type RouteServer, startRouteServer } from "./route-server.ts";

const answers: Partial<Record<RouteName, Answer>> = {};

let plane: RouteServer;
beforeAll(async () => {
  plane = await startRouteServer(answers);
});
afterAll(() => plane.close());
beforeEach(() => {
  for (const name of Object.keys(answers)) delete answers[name as RouteName];
});

async function omoi(args: string[], options: { env?: NodeJS.ProcessEnv; colours?: boolean } = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const { env = { OMOI_URL: plane.url, OMOI_API_KEY: "omoi_sk_x" }, colours = false } = options;
  const write = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
  const terminal = { ...write, columns: Number.POSITIVE_INFINITY, colours, env, now: () => 0 };
  const exit = await runCli(args, terminal);
  return { out: out.join(""), err: err.join(""), exit };
}

const EVIL = "evil \u001b[31mred\u001b[0m \u001b]0;owned\u0007 \u009b2J \u202eback\r\nand on";
const TOLD = "evil \\u001b[31mred\\u001b[0m \\u001b]0;owned\\u0007 \\u009b2J \\u202eback";

test("control characters in other people's texts are written out, in tables, fields and lines; paint stays", async () => {
  answers.listTickets = () => page(ticketRow({ title: EVIL, status: "done" }));
  const { out } = await omoi(["ticket", "list"], { colours: true });
  expect(out).toContain(`${TOLD} and on\n`);
  expect(out).toContain("\u001b[32mdone\u001b[0m");
  answers.getTicket = () => ticketRow({ title: EVIL });
  answers.listTicketTasks = () => page();
  expect((await omoi(["ticket", "show", TICKET_ID])).out).toContain(`${TOLD}\n          and on\n`);
  answers.listEvents = () => ({ ...page(eventRow("task.released", 1, { reason: EVIL })), more: false });
  expect((await omoi(["events"])).out).toContain(`reason=${TOLD} and on\n`);
});

test("JSON and errors are written out as well, and the JSON says the same", async () => {
  answers.listTickets = () => page(ticketRow({ title: EVIL }));
  const { out } = await omoi(["ticket", "list", "--json"]);
  expect(out).toContain(TOLD);
  expect(JSON.parse(out).items[0].title).toBe(EVIL);
  plane.spoil("cancelTicket", new Problem("ticket.closed", { detail: EVIL }));
  expect((await omoi(["ticket", "cancel", TICKET_ID, "--reason", "x"])).err).toContain(TOLD);
});

test("an OMOI_URL that is none is wrong use, named as what it is", async () => {
  expect(await omoi(["status"], { env: { OMOI_URL: "notaurl", OMOI_API_KEY: "omoi_sk_x" } })).toEqual({
    out: "",
    err: "omoi: OMOI_URL notaurl is no address of a plane: http://127.0.0.1:4319\n",
    exit: 2,
  });
});

test.each([[["help", "nonsense"]], [["ticket", "help", "nonsense"]]])(
  "help about what is no command: %j",
  async (args) => {
    const { out, err, exit } = await omoi(args);
    expect([out, err.split("\n")[0], exit]).toEqual(["", "omoi: unknown command 'nonsense'", 2]);
  },
);

test.each([[["help", "ticket"]], [["help"]], [["ticket", "help", "list"]]])(
  "help about what is one: %j",
  async (args) => {
    const { out, exit } = await omoi(args);
    expect([out.split(" ")[0], exit]).toEqual(["Usage:", 0]);
  },
);

test("it says its version", async () => {
  expect(await omoi(["--version"])).toEqual({ out: expect.stringMatching(/^omoi \d+\.\d+\.\d+\n$/), err: "", exit: 0 });
});

test("where there is nothing, that is said", async () => {
  answers.listEvents = () => ({ ...page(), more: false });
  expect(await omoi(["events", "--subject", "x"])).toEqual({ out: "no events\n", err: "", exit: 0 });
  expect(JSON.parse((await omoi(["events", "--json"])).out)).toEqual({ items: [], next_cursor: null });
  const data_dir = mkdtempSync(join(tmpdir(), "omoi-cli-words-"));
  mkdirSync(join(data_dir, "logs"));
  writeFileSync(join(data_dir, "logs", "plane.log"), "");
  const env = { OMOI_DATA_DIR: data_dir };
  expect(await omoi(["logs", "--ticket", "nope"], { env })).toEqual({ out: "", err: "no lines\n", exit: 0 });
  rmSync(data_dir, { recursive: true });
});

test("a key that the plane does not know is told with the place that it came from", async () => {
  plane.spoil("cancelTicket", new Problem("auth.invalid"), 2);
  const words = ["ticket", "cancel", TICKET_ID, "--reason", "x"];
  const { err, exit } = await omoi(words);
  expect([err.split("\n")[1], exit]).toEqual([
    "Use a living key, or buy a new access token. The key is that of OMOI_API_KEY.",
    1,
  ]);
  const data_dir = mkdtempSync(join(tmpdir(), "omoi-cli-words-"));
  const file = join(data_dir, "stage.json");
  writeFileSync(file, JSON.stringify({ url: plane.url, api_key: "omoi_sk_old" }));
  expect((await omoi(words, { env: { OMOI_DATA_DIR: data_dir } })).err).toContain(`The key is that of ${file}.\n`);
  rmSync(data_dir, { recursive: true });
});

test("the audit names the alert, the rule and the silence that the monitor spoke of", async () => {
  const entry = (what: string, after: Record<string, unknown>, subject = { kind: "monitor", id: "monitor" }) => {
    const who = { kind: "system", id: "monitor" };
    const marks = {
      id: "e",
      at: "2026-03-01T10:00:00.000Z",
      authority: "SYSTEM",
      request_id: "r",
      hash: "h",
      prev_hash: "p",
    };
    return { ...marks, who, what, subject, before: null, after };
  };
  answers.listAudit = () =>
    page(
      entry("monitor.alert.triggered", { alert_id: "alert_1", metric_name: "m", labels: { alertname: "slow" } }),
      entry("monitor.rule_changed", { name: "slow" }),
      entry("monitor.silence_changed", { silence_id: "silence_1", comment: "x" }),
      entry("plane.paused", {}, { kind: "plane", id: "plane" }),
      entry("task.failed", { name: "n" }, { kind: "task", id: "task_1" }),
    );
  const { out } = await omoi(["audit", "list"]);
  const subjects = out
    .split("\n")
    .slice(1, -1)
    .map((line) => line.split(/ {2,}/)[2]);
  expect(subjects).toEqual(["alert_1 slow", "slow", "silence_1", "plane", "task_1"]);
});

test("what the number of tasks does to the exit code is in the help", async () => {
  expect((await omoi(["agent", "run", "--help"])).out.replace(/\s+/g, " ")).toContain("however they ended");
});
