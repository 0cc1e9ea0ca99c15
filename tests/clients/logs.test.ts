import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogLine } from "@omoios/cli/logs/line";
import { linesOf } from "@omoios/cli/logs/read-files";
import { openLog } from "@omoios/local/log-file";
import { createClient } from "@omoios/sdk/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientsOf } from "../harness/plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";
import { type RunningPlane, startRunningPlane } from "../harness/running-plane.ts";
import { until } from "../harness/until.ts";

let plane: RunningPlane;
beforeAll(async () => {
  plane = await startRunningPlane(
    {},
    { POWERTOOLS_LOG_LEVEL: "DEBUG", OMOI_WATCHDOG__ANOMALY_QUARANTINE__ENABLED: "true" },
  );
});
afterAll(() => plane.stop());

const newTrace = () => randomBytes(16).toString("hex");

/** The operator's client, whose calls belong to that trace. */
const tracedBy = (trace_id: string) =>
  createClient({
    url: plane.url,
    api_key: plane.api_key,
    fetch: (url, init) => {
      const headers = new Headers(init?.headers);
      headers.set("traceparent", `00-${trace_id}-${randomBytes(8).toString("hex")}-01`);
      return fetch(url, { ...init, headers });
    },
  });

async function logs(...options: string[]): Promise<LogLine[]> {
  const { out, exit } = await runOmoi(["logs", "--json", ...options], plane);
  expect(exit).toBe(0);
  return out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as LogLine);
}

const messages = (lines: readonly LogLine[]) => lines.map(({ message }) => message);

/** The lines once all of these are among them. */
const logsWith = (wanted: readonly string[], ...options: string[]) =>
  until(`the log holds ${wanted}`, async () => {
    const lines = await logs(...options);
    return wanted.every((message) => messages(lines).includes(message)) && lines;
  });

const REPAIR = "INFO monitor.alert.triggered watchdog";

const TYPES = {
  timestamp: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/,
  level: /^(DEBUG|INFO|WARN|ERROR)$/,
  service: /^omoios$/,
  message: /./,
  correlation_id: /^.{1,64}$/,
  trace_id: /^[0-9a-f]{32}$/,
  span_id: /^[0-9a-f]{16}$/,
  ticket_id: /^ticket_/,
  task_id: /^task_/,
  agent_id: /^agent_/,
};

test("what follows from a request is found by its trace, its ticket and its tasks", async () => {
  const trace_id = newTrace();
  const { ticket_id } = await tracedBy(trace_id).createTicket({ body: { title: "Read dates", start: true } });
  const lines = await logsWith(["createTicket", "ticket.phase_changed"], "--trace", trace_id);
  expect(lines.every((line) => line.trace_id === trace_id)).toBe(true);
  const [first] = lines.filter(({ message }) => message === "createTicket");
  expect(first).toMatchObject({ level: "INFO", function_name: "api-control", ticket_id, status: 201 });
  const consumed = lines.find(({ message }) => message === "ticket.phase_changed");
  expect(consumed).toMatchObject({ function_name: "enter-phase", ticket_id, correlation_id: first?.correlation_id });
  expect(messages(await logs("--ticket", ticket_id))).toEqual(messages(lines));
  const { items } = await tracedBy(newTrace()).listTicketTasks({ params: { ticket_id } });
  const task_id = items[0]?.task_id ?? "";
  expect(messages(await logs("--task", task_id))).toContain("ticket.phase_changed");
  expect(await logs("--ticket", ticket_id, "--trace", newTrace())).toEqual([]);
});

test("an agent's calls are found by the agent and by the task that it takes", async () => {
  const { operator, agent } = clientsOf({ url: plane.url, operator_key: plane.api_key });
  const worker = await agent({ phase_ids: ["PHASE_IMPLEMENTATION"], capabilities: ["lang:ada"] });
  const { ticket_id } = await operator.createTicket({ body: { title: "Ada" } });
  const task = { title: "Write", phase_id: "PHASE_IMPLEMENTATION" as const, required_capabilities: ["lang:ada"] };
  const { task_id } = await operator.createTask({ body: { ...task, ticket_id } });
  const taken = await until("it took the task", async () => {
    const { tasks } = await worker.claim({});
    return tasks[0];
  });
  expect(taken.task_id).toBe(task_id);
  const ids = { agent_id: worker.agent_id, task_id, ticket_id };
  const [claimed] = (await logs("--task", task_id, "--agent", worker.agent_id)).filter(
    ({ message }) => message === "claimTasks",
  );
  expect(claimed).toMatchObject({ level: "INFO", function_name: "api-agents", status: 200, ...ids });
});

test("one trace goes from a sample over the rule and its alert to the notification and to the repair", async () => {
  const trace_id = newTrace();
  const { operator, agent } = clientsOf({ url: plane.url, operator_key: plane.api_key });
  const { agent_id } = await agent();
  const sample = { metric_name: "agent.anomaly_score", value: 0.9, labels: { agent_id } };
  await tracedBy(trace_id).sendSamples({ body: { samples: [sample] } });
  const steps = ["sendSamples", "alert_group is due", "alert_delivery is due"];
  const lines = await logsWith(steps, "--trace", trace_id);
  const of = (message: string) => lines.find((line) => line.message === message);
  expect(of("alert_delivery is due")?.correlation_id).toBe(of("sendSamples")?.correlation_id);
  const alert_id = String(of("sendSamples")?.alert_id);
  expect(alert_id).toMatch(/^alert_/);
  const about = () => logs("--alert", alert_id);
  expect(messages(await about())).toContain("alert_group is due");
  const repair = await until("the watchdog has heard of the alert", async () =>
    (await about()).find(({ message, function_name, level }) => `${level} ${message} ${function_name}` === REPAIR),
  );
  expect(repair).toMatchObject({ trace_id, agent_id });
  const quarantined = await until("the watchdog has quarantined the agent", async () => {
    const { items } = await operator.listEvents({ query: { subject: agent_id, limit: 100 } });
    return items.find(({ data }) => data.to === "QUARANTINED");
  });
  expect(quarantined.traceparent).toContain(trace_id);
});

test("lines are for people too; what is older than asked for is left out, and what comes can be followed", async () => {
  const { ticket_id } = await tracedBy(newTrace()).createTicket({ body: { title: "Shown" } });
  await logsWith(["createTicket"], "--ticket", ticket_id);
  const { out } = await runOmoi(["logs", "--ticket", ticket_id, "--since", "1h"], plane);
  expect(out).toMatch(/^\d{4}-\d\d-\d\d [\d:.]+ {2}INFO {3}api-control {2}createTicket {2}.*status=201/m);
  expect(await logs("--ticket", ticket_id, "--since", "0s")).toEqual([]);
});

test("every line is one JSON object in which each name has one type", async () => {
  const text = readFileSync(join(plane.data_dir, "logs", "plane.log"), "utf8");
  const lines = text.split("\n").filter((line) => line.startsWith("{"));
  expect(lines.length).toBeGreaterThan(10);
  const types = new Map<string, string>();
  for (const text of lines) {
    const line = JSON.parse(text) as Record<string, unknown>;
    for (const name of ["timestamp", "level", "service", "message"]) expect(line).toHaveProperty(name);
    for (const [name, value] of Object.entries(line)) {
      const type = Array.isArray(value) ? "list" : typeof value;
      expect({ name, type: types.get(name) ?? type }).toEqual({ name, type });
      types.set(name, type);
      if (name in TYPES) expect(String(value)).toMatch(TYPES[name as keyof typeof TYPES]);
    }
  }
});

test("no key, token or secret is in the log, also where all is logged", async () => {
  const { operator, agent } = clientsOf({ url: plane.url, operator_key: plane.api_key });
  const key = await operator.createApiKey({ body: { name: "reader", scopes: ["tickets:read"] } });
  const spy = createClient({ url: plane.url, api_key: key.api_key });
  await spy.listTickets({ query: { limit: 1 } });
  await expect(spy.pause({ body: { reason: "x" } })).rejects.toThrow();
  await expect(createClient({ url: plane.url, api_key: "omoi_sk_WrongWrongWrongWrong" }).whoami({})).rejects.toThrow();
  const worker = await agent();
  await worker.claim({});
  await logsWith(["claimTasks", "createApiKey"], "--since", "10m");
  const text = readFileSync(join(plane.data_dir, "logs", "plane.log"), "utf8");
  expect(text).toContain(key.key_id);
  for (const secret of [plane.api_key, key.api_key, "omoi_sk_", "omoi_rk_", "whsec_", "eyJ", "Bearer "]) {
    expect(text).not.toContain(secret);
  }
});

test("the files are read over a rotation, and followed over the next", async () => {
  const folder = mkdtempSync(join(tmpdir(), "omoi-logs-"));
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "plane.log");
  const log = openLog(path, 20);
  const write = (n: number) => log.write(`{"line": ${n}}\n`);
  for (const n of [1, 2, 3]) write(n);
  const past: string[] = [];
  for await (const line of linesOf(path, false)) past.push(line);
  expect(past).toEqual(['{"line": 2}', '{"line": 3}']);
  const followed = linesOf(path, true);
  const next = async () => (await followed.next()).value;
  expect([await next(), await next()]).toEqual(['{"line": 2}', '{"line": 3}']);
  const fourth = next();
  write(4);
  expect(await fourth).toBe('{"line": 4}');
  await followed.return(undefined);
  log.close();
  rmSync(folder, { recursive: true });
});
