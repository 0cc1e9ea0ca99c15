import { systemClock } from "@omoios/kernel/clock";
import { Problem } from "@omoios/kernel/problem";
import { createAgent } from "@omoios/sdk/agent";
import { generateAgentKey } from "@omoios/sdk/agent-key";
import { ApiProblem, Unreachable } from "@omoios/sdk/api-problem";
import { createClient } from "@omoios/sdk/client";
import { registerAgent } from "@omoios/sdk/register-agent";
import { afterEach, beforeEach, expect, test } from "vitest";
import { API_KEY, type SmallPlane, startSmallPlane } from "./small-plane.ts";

const REGISTRATION = {
  agent_type: "worker",
  phase_ids: ["PHASE_IMPLEMENTATION"],
  capabilities: ["Lang:TS"],
  version: "1.0.0",
} as const;
const quick = { base_ms: 1, cap_ms: 5 };

let plane: SmallPlane;
beforeEach(async () => {
  plane = await startSmallPlane();
});
afterEach(() => plane.close());

const operator = () => createClient({ url: plane.url, api_key: API_KEY, retry: quick });
const register = () => registerAgent(operator(), REGISTRATION);
const callsOf = (name: string) => plane.calls.filter((call) => call.name === name);

async function startedAgent(options: Partial<Parameters<typeof createAgent>[0]> = {}) {
  const { identity } = await register();
  const agent = createAgent({ url: plane.url, retry: quick, ...identity, ...options });
  await agent.start();
  return agent;
}

test("an agent registers under a key of its own, beats, buys a token, claims and completes", async () => {
  const task = plane.addTask("write it");
  const agent = await startedAgent();
  const { tasks } = await agent.claim({ max: 2 });
  expect(tasks.map(({ task_id, fence }) => ({ task_id, fence }))).toEqual([{ task_id: task.task_id, fence: 1 }]);
  await agent.client.completeTask({
    params: { task_id: task.task_id },
    body: { fence: 1, result: { success: true, output: { summary: "done" } } },
  });
  expect(task.status).toBe("completed");
  expect(JSON.stringify(callsOf("registerAgent")[0]?.body)).not.toContain('"d":');
  expect(callsOf("buyToken")).toHaveLength(1);
});

test("a refusal is thrown as ApiProblem with code, faults and remedy, and is not repeated", async () => {
  const agent = await startedAgent();
  const failure = await agent.client
    .completeTask({ params: { task_id: "task_nothing" }, body: { fence: 0, result: { success: true } } })
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApiProblem);
  const { code, status, errors, remedy, request_id } = failure as ApiProblem;
  expect({ code, status, paths: errors.map(({ path }) => path), request_id }).toEqual({
    code: "request.invalid",
    status: 422,
    paths: ["/fence"],
    request_id: "req_small",
  });
  expect(remedy).toMatch(/errors/);
});

test("a write of an operator carries one idempotency key through all its tries, and another write another", async () => {
  plane.spoil("registerAgent", new Problem("plane.unavailable"), 2);
  await register();
  await register();
  const keys = callsOf("registerAgent").map(({ headers }) => headers["idempotency-key"]);
  expect(keys).toHaveLength(4);
  expect(new Set(keys.slice(0, 3)).size).toBe(1);
  expect(new Set(keys).size).toBe(2);
});

test("without a key a write is not repeated; a read is, and honours Retry-After before its own back-off", async () => {
  plane.spoil("registerAgent", new Problem("plane.unavailable"));
  const body = { ...REGISTRATION, phase_ids: [], capabilities: [] };
  await expect(operator().registerAgent({ body }, { idempotency_key: false })).rejects.toThrow("plane.unavailable");
  expect(callsOf("registerAgent")).toHaveLength(1);

  plane.spoil("whoami", new Problem("plane.unavailable", { extra: { retry_after_ms: 31_000 } }));
  await expect(operator().whoami()).rejects.toMatchObject({ retry_after_ms: 31_000 });
  expect(callsOf("whoami")).toHaveLength(1);
});

test("a plane that is not there is Unreachable, with its address and the reason", async () => {
  const { url } = plane;
  await plane.close();
  const failure = await createClient({ url, retry: quick })
    .health()
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Unreachable);
  expect(String(failure)).toContain(`${url}/api/v1/health`);
  expect(String(failure)).toContain("ECONNREFUSED");
  plane = await startSmallPlane();
});

test("a claim whose answer was lost is asked again with its key, and gets the same task under the same fence", async () => {
  const agent = await startedAgent({ retry: { tries: 1 } });
  const task = plane.addTask("only once");
  plane.spoil("claimTasks", "drop_answer");
  await expect(agent.claim({ max: 1 })).rejects.toBeInstanceOf(Unreachable);
  const { tasks } = await agent.claim({ max: 3 });
  expect(tasks).toMatchObject([{ task_id: task.task_id, fence: 1 }]);
  await agent.claim({ max: 3 });
  const keys = callsOf("claimTasks").map(({ headers }) => headers["idempotency-key"]);
  expect(keys[0]).toBe(keys[1]);
  expect(keys[2]).not.toBe(keys[0]);
});

test.each([
  ["behind", 3_600_000],
  ["ahead", -3_600_000],
])("an agent whose clock is an hour %s signs again with the plane's time", async (_, offset) => {
  plane.agents.clock_offset_ms = offset;
  const agent = await startedAgent();
  expect(callsOf("heartbeat")).toHaveLength(2);
  await agent.claim({});
  expect(callsOf("buyToken")).toHaveLength(1);
  expect(Math.abs(agent.now() - plane.agents.now())).toBeLessThan(600_000);
});

test("a token is bought anew before it ends, and after the plane has forgotten it", async () => {
  let passed = 0;
  const agent = await startedAgent({ clock: { now: () => systemClock.now() + passed } });
  await agent.claim({});
  await agent.claim({});
  expect(callsOf("buyToken")).toHaveLength(1);
  passed = 740_000;
  plane.agents.clock_offset_ms = passed;
  await agent.claim({});
  expect(callsOf("buyToken")).toHaveLength(2);
  plane.agents.forgetTokens();
  await agent.claim({});
  expect(callsOf("buyToken")).toHaveLength(3);
});

test("a first beat whose answer was lost does not stop the agent", async () => {
  const { identity } = await register();
  plane.spoil("heartbeat", "drop_answer");
  const agent = createAgent({ url: plane.url, retry: quick, ...identity });
  await agent.start();
  await agent.claim({});
});

test("beats are numbered from 1; one whose answer was lost is sent again under the number that the plane expects", async () => {
  const agent = await startedAgent({ retry: { tries: 1 } });
  const beat = { status: "IDLE", current_task_ids: [], health_metrics: { memory_usage_mb: 12.5 } } as const;
  const words = { ...beat, current_task_ids: [] };
  expect(await agent.heartbeat(words)).toMatchObject({ received: true, sequence_number: 2 });
  plane.spoil("heartbeat", "drop_answer");
  await expect(agent.heartbeat(words)).rejects.toBeInstanceOf(Unreachable);
  expect(await agent.heartbeat(words)).toMatchObject({ received: true, sequence_number: 4, gaps: [] });
});

test("a registration whose answer was lost starts afresh with a new pair, never with a half-known agent", async () => {
  plane.spoil("registerAgent", new Problem("idempotency.secret_gone"));
  const { identity } = await register();
  await createAgent({ url: plane.url, ...identity }).start();
  const [first, second] = callsOf("registerAgent").map(
    ({ body }) => (body as { public_key: { x: string } }).public_key.x,
  );
  expect(first).not.toBe(second);
});

test("an assertion of another key is refused", async () => {
  const { identity } = await register();
  const { private_key } = await generateAgentKey();
  const impostor = createAgent({ url: plane.url, retry: quick, ...identity, private_key });
  await expect(impostor.start()).rejects.toMatchObject({ code: "auth.invalid" });
});
