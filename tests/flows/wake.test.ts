import { documentClient, systemSleep, type Tables } from "@omoios/adapters/dynamodb/client";
import { pulseOn } from "@omoios/adapters/dynamodb/pulse";
import { socketsOn } from "@omoios/adapters/dynamodb/sockets";
import { stageKeysFrom } from "@omoios/adapters/keys/stage-keys";
import { socketMessage } from "@omoios/contracts/views/pushed";
import { issueToken } from "@omoios/domain/access/access-token";
import type { TokenKeys } from "@omoios/domain/access/model";
import type { AgentId } from "@omoios/kernel/ids";
import type { RunnerOptions } from "@omoios/runner/options";
import { runAgent } from "@omoios/runner/run-agent";
import { registerAgent } from "@omoios/sdk/register-agent";
import { keepSocket, SocketRefused } from "@omoios/sdk/wake-socket";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { memoryStageKeys } from "../harness/stage-keys.ts";
import { until } from "../harness/until.ts";
import { makeWork, untilTask } from "../harness/work.ts";

/** Between two polls an agent would be ended by this test's time limit. */
const NEVER_MS = 600_000;
const AUDIENCE = "omoios:local";

let plane: TestPlane;
let tables: Tables;
let wake_url: string;
beforeAll(async () => {
  const rarely = { claim_retry_after_ms__least: NEVER_MS, claim_retry_after_ms__most: NEVER_MS };
  plane = await startTestPlane({ ...rarely, reach_cache_ms: 0 }, { waiting_claims: 0 });
  const local = { region: "local", credentials: { accessKeyId: "local", secretAccessKey: "local" } };
  const client = documentClient({ endpoint: plane.endpoints.dynamodb, ...local });
  tables = { client, ...plane.places.tables, sleep: systemSleep };
  const words = { phase_ids: ["PHASE_BACKLOG"], capabilities: [], version: "1.0.0" };
  const { registered } = await registerAgent(plane.operator, { agent_type: "worker", ...words });
  wake_url = registered.wake_url ?? "";
});
afterAll(async () => {
  tables.client.destroy();
  await plane.stop();
});

const heldBy = async (agent_id: string) =>
  (await socketsOn(tables).held(Date.now())).find((socket) => socket.agent_id === agent_id);
const stageKeys = () =>
  stageKeysFrom({ place: plane.places.secrets["token-keys"], clock: { now: Date.now }, ssm: () => fail() });
const fail = (): never => {
  throw new Error("The keys of a plane on one machine are in a file");
};

/** The status that a handshake with this bearer is refused with. */
function refusalWith(token: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const listening = keepSocket(
      async () => wake_url,
      { token: () => token },
      {
        onWake: () => reject(new Error("The socket opened")),
        onTrouble: (failure) => {
          listening.stop();
          if (failure instanceof SocketRefused) resolve(failure.status);
          else reject(failure);
        },
      },
    );
  });
}

/** A runner of these capabilities, once it holds a socket. */
async function heldRunner(capabilities: string[], more: Partial<RunnerOptions>) {
  const { url, operator_key: api_key } = plane;
  const run = runAgent({ url, api_key, command: "true", phase_ids: ["PHASE_BACKLOG"], capabilities, ...more });
  const agent_id = await until("the runner held a socket", async () => {
    const { items } = await plane.operator.searchAgents({ query: { capabilities: capabilities.join(",") } });
    const found = items[0]?.agent_id;
    return found !== undefined && (await heldBy(found)) !== undefined && (found as AgentId);
  });
  return { run, agent_id };
}

test("a runner that holds a socket takes a new task long before its next poll", async () => {
  const need = crypto.randomUUID();
  const { run, agent_id } = await heldRunner([need], { max_tasks: 1 });
  const { ticket_id } = await plane.operator.createTicket({ body: { title: "Work" } });
  const body = { ticket_id, title: "Task", phase_id: "PHASE_BACKLOG", required_capabilities: [need] };
  const { task_id } = await plane.operator.createTask({ body });
  expect(await run.finished).toMatchObject({ claimed: 1, completed: 1 });
  expect((await untilTask(plane.operator, task_id, "completed")).agent_id).toBe(agent_id);
});

test("a runner of twelve lanes finds each task that it is woken for, whichever lane it stands in", async () => {
  const needs = Array.from({ length: 12 }, () => crypto.randomUUID());
  const { run } = await heldRunner(needs, { max_tasks: needs.length });
  const { ticket_id } = await plane.operator.createTicket({ body: { title: "Work" } });
  for (const need of needs) {
    const body = { ticket_id, title: "Task", phase_id: "PHASE_BACKLOG", required_capabilities: [need] };
    const { task_id } = await plane.operator.createTask({ body });
    await untilTask(plane.operator, task_id, "completed");
  }
  expect(await run.finished).toMatchObject({ claimed: needs.length, completed: needs.length });
});

test("a socket's row goes with it", async () => {
  const agent = await plane.agent();
  const listening = agent.listen({ onWake: () => undefined });
  await until("the socket was known", () => heldBy(agent.agent_id));
  await until("the socket was open", async () => listening.open);
  listening.stop();
  await until("the socket was forgotten", async () => (await heldBy(agent.agent_id)) === undefined);
});

test("a socket that breaks is opened again, and wakes", async () => {
  const agent = await plane.agent();
  let wakes = 0;
  // A ping before the answer to the one before can come: the client gives the socket up.
  const listening = agent.listen({
    onWake: () => {
      wakes += 1;
    },
    ping_ms: 1,
    retry: { base_ms: 1, cap_ms: 1, jitter: 0 },
  });
  await until("three sockets had been open", async () => wakes >= 3);
  listening.stop();
  await until("none was left", async () => (await heldBy(agent.agent_id)) === undefined);
});

test("a wake that is lost costs one poll, and the dead connection is forgotten", async () => {
  const work = await makeWork(plane, [{}]);
  const agent = await work.agent();
  const [task] = (await agent.claim({})).tasks;
  if (task === undefined) throw new Error("Nothing was claimed");
  await agent.client.completeTask({ params: task, body: { fence: task.fence, result: { success: true } } });
  const row = (await plane.operator.getAgent({ params: agent })).agent_id as AgentId;
  const listening = agent.listen({ onWake: () => undefined });
  const held = await until("the socket was known", () => heldBy(row));
  listening.stop();
  await until("the socket was forgotten", async () => (await heldBy(row)) === undefined);
  // As it stands when the end of a connection was never told.
  await socketsOn(tables).open({ ...held, connection_id: "dead" });
  const body = { ticket_id: work.ticket_id, title: "Next", required_capabilities: [work.need] };
  const { task_id } = await plane.operator.createTask({ body });
  await until("the dead connection was forgotten", async () => (await heldBy(row)) === undefined);
  expect((await agent.claim({})).tasks.map((claimed) => claimed.task_id)).toEqual([task_id]);
});

test("an agent that holds a socket has its messages at once, and its next beat has them too", async () => {
  const [listening, silent] = [await plane.agent(), await plane.agent()];
  const heard: unknown[] = [];
  const socket = listening.listen({ onWake: () => undefined, onMessages: (messages) => heard.push(...messages) });
  await until("the socket was known", () => heldBy(listening.agent_id));
  const body = { text: "Pull before you push" };
  await plane.operator.sendAgentMessage({ body: { channel: "broadcast", body } });
  const message = { number: 1, channel: "broadcast", body };
  await until("the message came", async () => heard.length > 0);
  expect(heard).toEqual([message]);
  expect(socketMessage.parse({ messages: heard })).toEqual({ messages: heard });
  const beat = { status: "IDLE", current_task_ids: [], health_metrics: {} } as const;
  expect((await listening.heartbeat(beat)).messages).toEqual([message]);
  expect((await silent.heartbeat(beat)).messages).toEqual([message]);
  socket.stop();
  await until("the socket was forgotten", async () => (await heldBy(listening.agent_id)) === undefined);
});

test("a message to an agent whose connection died waits in its box, and the connection is forgotten", async () => {
  const agent = await plane.agent();
  const socket = agent.listen({ onWake: () => undefined });
  const held = await until("the socket was known", () => heldBy(agent.agent_id));
  socket.stop();
  await until("the socket was forgotten", async () => (await heldBy(agent.agent_id)) === undefined);
  await socketsOn(tables).open({ ...held, connection_id: "dead" });
  await plane.operator.sendAgentMessage({ body: { channel: "broadcast", body: "hello" } });
  expect(await heldBy(agent.agent_id)).toBeUndefined();
  const { messages } = await agent.heartbeat({ status: "IDLE", current_task_ids: [], health_metrics: {} });
  expect(messages).toEqual([{ number: 1, channel: "broadcast", body: "hello" }]);
});

test("a runner that holds a socket hears messages long before its next beat: it acknowledges, and ends when told to", async () => {
  const { run, agent_id } = await heldRunner([crypto.randomUUID()], {
    heartbeat_ms: { idle: NEVER_MS, running: NEVER_MS },
  });
  await plane.operator.sendAgentMessage({ body: { channel: "broadcast", body: "hello" } });
  await until("the message was acknowledged", async () => (await pulseOn(tables).get(agent_id))?.acked === 1);
  await plane.operator.sendAgentMessage({ body: { channel: "shutdown", body: "done for today" } });
  expect(await run.finished).toMatchObject({ claimed: 0 });
});

test("a handshake needs a living token of this stage", async () => {
  const agent = await plane.agent();
  const key_id = (await plane.operator.getAgent({ params: agent })).key_id;
  const tokenOf = (keys: TokenKeys, audience = AUDIENCE, now = Date.now()) =>
    issueToken({ agent_id: agent.agent_id as AgentId, epoch: 1, key_id }, keys, { audience, seconds: 60, now });
  expect(await refusalWith("nonsense")).toBe(401);
  expect(await refusalWith(await tokenOf(stageKeys(), AUDIENCE, Date.now() - 120_000))).toBe(401);
  expect(await refusalWith(await tokenOf(stageKeys(), "omoios:other"))).toBe(401);
  expect(await refusalWith(await tokenOf(memoryStageKeys(Date.now())))).toBe(401);
  expect(await refusalWith(plane.operator_key)).toBe(403);
  const { items } = await plane.operator.listAudit({ query: { what: "access.refused" } });
  expect(JSON.stringify(items)).toContain('"route":"wake"');
  const good = await tokenOf(stageKeys());
  await plane.operator.recycleAgentToken({ params: agent, body: { reason: "lost" } });
  expect(await refusalWith(good)).toBe(401);
  expect(await heldBy(agent.agent_id)).toBeUndefined();
});
