import type { RouteName } from "@omoios/contracts/routes";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runOmoi } from "../harness/run-omoi.ts";
import { eventRow, TASK_ID, TICKET_ID, taskRow, ticketRow } from "./cli-rows.ts";
import { type Answer, type Call, type RouteServer, startRouteServer } from "./route-server.ts";

const AT = "2026-03-01T10:00:00.000Z";
const answers: Partial<Record<RouteName, Answer>> = {};

let plane: RouteServer;
beforeAll(async () => {
  plane = await startRouteServer(answers);
});
afterAll(() => plane.close());
beforeEach(() => void plane.calls.splice(0));

const omoi = (...args: string[]) => runOmoi(args, { url: plane.url, api_key: "omoi_sk_x" });

/** A list of so many rows, in pages as long as they are asked for; the cursor is the number of the next row. */
const listOf =
  (count: number, row: (number: number) => unknown) =>
  ({ query }: Call) => {
    const begin = Number(query.cursor ?? 0);
    const end = Math.min(count, begin + Number(query.limit));
    const items = Array.from({ length: end - begin }, (_, index) => row(begin + index));
    return { items, next_cursor: end < count ? String(end) : null };
  };

const attempt = (number: number) => ({
  attempt: number + 1,
  fence: number + 1,
  agent_id: null,
  outcome: "lease_lost",
  started_at: AT,
  ended_at: AT,
  error: null,
  reason: null,
  result: null,
});
const step = (number: number) => ({
  from: null,
  to: "PHASE_DESIGN",
  who: "gate",
  why: "passed",
  forced: false,
  at: AT,
  evidence: [],
  time_spent_seconds: 1,
  visit: number + 1,
});
const artifact = (number: number) => ({
  artifact_id: `artifact_${String(number).padStart(20, "0")}`,
  ticket_id: TICKET_ID,
  task_id: null,
  type: "notes",
  path: `notes/${number}.md`,
  url: null,
  content: null,
  metadata: {},
  revision: 1,
  phase_id: "PHASE_DESIGN",
  visit: 1,
  created_by: "a",
  created_at: AT,
});
const apiKey = (number: number) => ({
  key_id: `key_${String(number).padStart(20, "0")}`,
  name: "n",
  kind: "operator",
  authority: "WORKER",
  scopes: [],
  uses: null,
  used: null,
  created_at: AT,
  created_by: "k",
  expires_at: null,
  revoked_at: null,
});
const auditEntry = (number: number) => ({
  id: `e${number}`,
  at: AT,
  authority: "SYSTEM",
  request_id: "r",
  hash: "h",
  prev_hash: "p",
  who: { kind: "system", id: "plane" },
  what: "plane.paused",
  subject: { kind: "plane", id: "plane" },
  before: null,
  after: {},
});

test("of a task's attempts the newest are shown, and that there are earlier ones", async () => {
  answers.listTaskAttempts = listOf(503, attempt);
  const { out, err } = await omoi("task", "attempts", TASK_ID);
  const lines = out.trimEnd().split("\n");
  expect([lines.length, lines[1]?.trim().split(" ")[0], lines.at(-1)?.trim().split(" ")[0]]).toEqual([501, "4", "503"]);
  expect(err).toBe("there are earlier ones: --limit 1000\n");
  const two = JSON.parse((await omoi("task", "attempts", TASK_ID, "--limit", "2", "--json")).out);
  expect(two).toEqual({ items: [attempt(501), attempt(502)], more: true });
  expect((await omoi("task", "attempts", TASK_ID, "--limit", "503")).err).toBe("");
});

test.each<[string, string[], RouteName, (number: number) => unknown]>([
  ["a ticket's history", ["ticket", "history", TICKET_ID], "getTicketHistory", step],
  ["a ticket's artifacts", ["ticket", "artifacts", TICKET_ID], "listTicketArtifacts", artifact],
  ["keys", ["keys", "list"], "listApiKeys", apiKey],
  ["the audit", ["audit", "list", "--limit", "500"], "listAudit", auditEntry],
])("%s of more than 500 rows says that there are more, and shows them where asked", async (_, words, route, row) => {
  answers[route] = listOf(501, row);
  const cut = await omoi(...words);
  expect([cut.out.trimEnd().split("\n").length, cut.err]).toEqual([501, "there are more: --limit 1000\n"]);
  const whole = await omoi(...words, "--limit", "1000", "--json");
  expect(whole.err).toBe("");
  expect(JSON.parse(whole.out)).toEqual({
    items: Array.from({ length: 501 }, (_, number) => row(number)),
    more: false,
  });
});

test("a ticket with more than 500 tasks says so where it is shown and watched", async () => {
  answers.getTicket = () => ticketRow({ status: "done" });
  answers.listTicketTasks = listOf(501, () => taskRow({ status: "completed" }));
  const shown = await omoi("ticket", "show", TICKET_ID);
  expect(shown.err).toBe(`there are more tasks: omoi task list --ticket ${TICKET_ID} --limit 1000\n`);
  const { tasks, more_tasks } = JSON.parse((await omoi("ticket", "show", TICKET_ID, "--json")).out);
  expect([tasks.length, more_tasks]).toEqual([500, true]);
  expect((await omoi("ticket", "watch", TICKET_ID)).err).toContain("500 of the first 500 tasks ended\n");
});

test("an alert that was sent in more notifications than are shown says so", async () => {
  const none = Object.fromEntries(
    [
      ...["previous", "metric_name", "value", "threshold", "runbook_url", "brought_by", "resolved_at"],
      ...[
        "acknowledged_by",
        "acknowledged_until",
        "acknowledgement_note",
        "resolved_by",
        "resolution_note",
        "log_next_cursor",
      ],
    ].map((name) => [name, null]),
  );
  const alert_id = `alert_${"0".repeat(20)}`;
  const words = { alertname: "slow", fingerprint: "f", state: "firing", severity: "error" };
  const rest = { labels: {}, annotations: {}, pending_at: AT, fired_at: AT, log: [] };
  answers.getAlert = () => ({ ...none, ...words, ...rest, alert_id });
  const sent = (number: number) => ({
    notification_id: `ntf_${String(number).padStart(20, "0")}`,
    why: "w",
    tries: [],
  });
  answers.listAlertDeliveries = listOf(51, sent);
  expect((await omoi("alert", "show", alert_id)).err).toBe("there are more notifications: the API shows them\n");
  const { deliveries, more_deliveries } = JSON.parse((await omoi("alert", "show", alert_id, "--json")).out);
  expect([deliveries.length, more_deliveries]).toEqual([50, true]);
});

test("events are read over several pages, and where they go on is told", async () => {
  const log = (count: number) => (call: Call) => {
    const { after = "0", limit = "50", type } = call.query;
    const end = Math.min(count, Number(after) + Math.min(100, Number(limit)));
    const items = Array.from({ length: end - Number(after) }, () => eventRow("task.started", 1));
    return { items: type === "task.failed" ? [] : items, next_cursor: String(end), more: end < count };
  };
  answers.listEvents = log(300);
  const cut = await omoi("events", "--all", "--limit", "250");
  expect([cut.out.trimEnd().split("\n").length, cut.err]).toEqual([250, "go on: --after 250\n"]);
  const rest = await omoi("events", "--limit", "250", "--after", "250");
  expect([rest.out.trimEnd().split("\n").length, rest.err]).toEqual([50, ""]);
  expect(JSON.parse((await omoi("events", "--all", "--limit", "500", "--json")).out).items).toHaveLength(300);
  // Pages without one of that type say nothing of what follows: it is read to the end.
  const none = await omoi("events", "--all", "--type", "task.failed");
  expect([none.out, none.err]).toEqual(["no events\n", ""]);
});

test("events of a type are found wherever they stand, and none is lost where reading goes on", async () => {
  const NAMES = Array.from({ length: 330 }, (_, n) => (n % 120 === 119 || n > 324 ? "task.failed" : "task.started"));
  let requests = 0;
  answers.listEvents = ({ query: { after = "0", limit = "50", type } }: Call) => {
    requests += 1;
    const end = Math.min(NAMES.length, Number(after) + Number(limit));
    const items = NAMES.slice(Number(after), end).map((name) => eventRow(name, 1));
    const wanted = items.filter((event) => type === undefined || event.type === type);
    return { items: wanted, next_cursor: String(end), more: end < NAMES.length };
  };
  const all = await omoi("events", "--all", "--type", "task.failed");
  expect([all.out.trimEnd().split("\n").length, all.err]).toEqual([7, ""]);
  requests = 0;
  const two = JSON.parse((await omoi("events", "--all", "--type", "task.failed", "--limit", "2", "--json")).out);
  expect([two.items.length, two.next_cursor, requests]).toEqual([2, "300", 3]);
  const four = JSON.parse((await omoi("events", "--all", "--type", "task.failed", "--limit", "4", "--json")).out);
  expect([four.items.length, four.next_cursor]).toEqual([4, "327"]);
  const rest = await omoi("events", "--type", "task.failed", "--after", "327");
  expect(rest.out.trimEnd().split("\n").length).toBe(3);
});

test("a game day is run on the stage of that name, or at that address", async () => {
  answers.health = () => ({ status: "ok", stage: "local", version: "1.0.0" });
  const run = (stage: string) => omoi("gameday", "run", "config/gamedays/alert_storm.yaml", "--stage", stage);
  expect(await run("production")).toMatchObject({
    exit: 2,
    err: expect.stringMatching(/^omoi: the plane at http:.* is the stage local, not production: set OMOI_URL/),
  });
  expect(plane.calls.map(({ name }) => name)).toEqual(["health"]);
  for (const stage of ["local", plane.url]) {
    plane.calls.splice(0);
    await run(stage);
    // It goes on to ask that plane whether a run may begin there.
    expect(plane.calls.filter(({ name }) => name !== "health").length).toBeGreaterThan(0);
  }
  expect((await omoi("gameday", "run", "x.yaml", "--stage", "local", "--url", "http://127.0.0.1:1")).exit).toBe(2);
});
