import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { prepareStage } from "@omoios/app/stage";
import { functions } from "@omoios/contracts/topology";
import type { Handler } from "@omoios/local/invoke";
import { type Plane, startPlane } from "@omoios/local/plane";
import { createClient } from "@omoios/sdk/client";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { builtFunctions } from "../harness/built/built.ts";
import { startTraceCollector } from "../harness/trace-collector.ts";
import { startAgent } from "./agents.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PHASE = "PHASE_TESTING";
let built: string;
let plane: Plane;

/** The module that is deployed for a function of the topology. */
function load(entry: string): Promise<{ handler: Handler }> {
  const name = functions.find((row) => row.entry === entry)?.name ?? "";
  return import(/* @vite-ignore */ pathToFileURL(join(built, name, "index.mjs")).href);
}

beforeAll(async () => {
  built = (await builtFunctions()).out_dir;
  // A bundle reads the configuration that lies beside it; it is the same beside each.
  const env = { OMOI_CONFIG_DIR: join(built, "timers", "config") };
  plane = await startPlane({ port: 0, config_dir: join(ROOT, "config"), env, load, prepare: prepareStage });
});

afterAll(() => plane?.stop());

it("the built functions bring two tasks, of which one waits for the other, from their making to their end", async () => {
  const operator = createClient({ url: plane.url, api_key: plane.operator_key });
  const agent = await startAgent(plane.url, operator, [PHASE]);
  const { ticket_id } = await operator.createTicket({ body: { title: "A ticket", start: true } });
  const task = { phase_id: PHASE, description: "Something to do" };
  const { tasks: made } = await operator.createTasks({
    params: { ticket_id },
    body: {
      tasks: [
        { ...task, ref: "a", title: "First" },
        { ...task, title: "Second", depends_on: ["a"] },
      ],
    },
  });
  const done: string[] = [];
  await vi.waitFor(
    async () => {
      for (const { task_id, fence } of (await agent.claim({})).tasks) {
        done.push(task_id);
        await agent.client.completeTask({ params: { task_id }, body: { fence, result: { success: true } } });
      }
      expect(done).toEqual(made.map(({ task_id }) => task_id));
    },
    { timeout: 150_000, interval: 100 },
  );
  const page = await operator.listTasks({ query: { ticket_id } });
  const ended = page.items.filter(({ phase_id }) => phase_id === PHASE);
  expect(ended.map(({ status }) => status)).toEqual(["completed", "completed"]);
  const documents = await Promise.all(["openapi.json", "docs"].map((name) => fetch(`${plane.url}/${name}`)));
  expect(documents.map(({ status }) => status)).toEqual([200, 200]);
}, 180_000);

it("the built API's answers have their headers, statuses and problems", async () => {
  const headers = { authorization: `Bearer ${plane.operator_key}`, "content-type": "application/json" };
  const ask = (method: string, path: string, body?: string) =>
    fetch(`${plane.url}/api/v1${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  const made = await ask("POST", "/tickets", JSON.stringify({ title: "Grüße 😀" }));
  const { ticket_id } = (await made.json()) as { ticket_id: string };
  const read = await ask("GET", `/tickets/${ticket_id}`);
  const [refused, head, elsewhere] = await Promise.all([
    ask("POST", "/tickets", "{"),
    ask("HEAD", `/tickets/${ticket_id}`),
    ask("GET", "/nowhere"),
  ]);
  expect([made, read, refused, head, elsewhere].map(({ status }) => status)).toEqual([201, 200, 400, 200, 404]);
  expect(await read.json()).toMatchObject({ title: "Grüße 😀" });
  expect(Object.fromEntries(read.headers)).toMatchObject({
    "content-type": "application/json",
    "cache-control": "no-store",
    etag: '"1"',
    "x-content-type-options": "nosniff",
  });
  expect(refused.headers.get("content-type")).toBe("application/problem+json");
  expect(await refused.json()).toMatchObject({ code: "request.bad_json" });
});

it("the built functions send their spans before each invocation ends, after which Lambda may freeze them", async () => {
  const collector = await startTraceCollector();
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url);
  vi.stubEnv("OTEL_BSP_SCHEDULE_DELAY", "600000");
  vi.stubEnv("LAMBDA_TASK_ROOT", built);
  try {
    const operator = createClient({ url: plane.url, api_key: plane.operator_key });
    await operator.createTicket({ body: { title: "Traced", start: true } });
    expect(collector.spans.map(({ name }) => name)).toContain("createTicket");
    const [{ traceId } = { traceId: "" }] = collector.spans.filter(({ name }) => name === "createTicket");
    await vi.waitFor(
      () => {
        const its = collector.spans.filter((span) => span.traceId === traceId).map(({ name }) => name);
        expect(its).toEqual(expect.arrayContaining(["relay ticket.phase_changed", "ticket.phase_changed"]));
      },
      { timeout: 30_000, interval: 50 },
    );
  } finally {
    vi.unstubAllEnvs();
    await collector.close();
  }
});
