import { type AwsCaller, awsCaller } from "@omoios/local/aws-json";
import { startDynamoDb } from "@omoios/local/dynamodb/start";
import type { Agent } from "@omoios/sdk/agent";
import { type Client, createClient } from "@omoios/sdk/client";
import { startRunningPlane } from "../../harness/running-plane.ts";
import { startAgents } from "../agents.ts";
import { type Figures, quantile, rounded } from "../figures.ts";
import { TABLES } from "../import-tables.ts";

const PHASE = "PHASE_TESTING";
const AGENTS = 24;
const SECONDS = 15;
const ONE_BY_ONE = 120;
const WARM = 30;

/**
 * How many tasks are made, claimed and completed in a second by 24 agents, beside what the emulator answers at most; and before that,
 * how long each call takes when no other is in flight.
 */
export async function measureThroughput(): Promise<Figures> {
  const emulator = await startDynamoDb();
  process.env.OMOI_DYNAMODB_ENDPOINT = emulator.endpoint;
  const plane = await startRunningPlane({ HEARTBEAT_IDLE_SECONDS: "86400" });
  try {
    const operator = createClient({ url: plane.url, api_key: plane.api_key });
    const agents = await startAgents(plane.url, operator, AGENTS, [PHASE]);
    const tickets: string[] = [];
    for (const _agent of agents) tickets.push((await operator.createTicket({ body: { title: "A ticket" } })).ticket_id);
    const [first] = agents;
    const [ticket_id] = tickets;
    if (first === undefined || ticket_id === undefined) throw new Error("There is no agent");
    const alone: number[] = [];
    for (let n = 0; n < ONE_BY_ONE; n++) alone.push(...(await workOnce(operator, first, ticket_id)));
    const tasks = await together(operator, agents, tickets);
    const ceiling = await ceilingOf(awsCaller("dynamodb", emulator.endpoint, "us-east-1"));
    return {
      "api.p95_ms": rounded(quantile(alone.slice(WARM * 3), 0.95), 1),
      "throughput.tasks_per_s": { tasks_per_s: rounded(tasks, 1), emulator_calls_per_s: rounded(ceiling, 0) },
    };
  } finally {
    delete process.env.OMOI_DYNAMODB_ENDPOINT;
    await plane.stop();
    await emulator.stop();
  }
}

/** Makes a task, then claims, reads and completes it. Gives the milliseconds of these three; none where nothing was claimed. */
async function workOnce(operator: Client, agent: Agent, ticket_id: string): Promise<number[]> {
  await operator.createTask({ body: { ticket_id, title: "A task", phase_id: PHASE } });
  const claimed = await timed(() => agent.claim({}));
  const [task] = claimed.answer.tasks;
  if (task === undefined) return [];
  const params = { task_id: task.task_id };
  const read = await timed(() => operator.getTask({ params }));
  const body = { fence: task.fence, result: { success: true } };
  const completed = await timed(() => agent.client.completeTask({ params, body }));
  return [claimed.ms, read.ms, completed.ms];
}

async function timed<T>(call: () => Promise<T>): Promise<{ answer: T; ms: number }> {
  const started = performance.now();
  const answer = await call();
  return { answer, ms: performance.now() - started };
}

/** Each agent works on a ticket of its own, as a fleet's agents mostly do. */
async function together(operator: Client, agents: readonly Agent[], tickets: readonly string[]): Promise<number> {
  const until = performance.now() + SECONDS * 1000;
  const done = await Promise.all(
    agents.map(async (agent, index) => {
      const ticket_id = tickets[index] ?? "";
      let count = 0;
      while (performance.now() < until) count += Math.sign((await workOnce(operator, agent, ticket_id)).length);
      return count;
    }),
  );
  return done.reduce((sum, count) => sum + count, 0) / SECONDS;
}

/** What the emulator answers in a second to as many callers, which do nothing else: reads and conditional updates by turns. */
async function ceilingOf(dynamodb: AwsCaller): Promise<number> {
  const seconds = 5;
  const until = performance.now() + seconds * 1000;
  const counts = await Promise.all(
    Array.from({ length: AGENTS }, async (_, n) => {
      const Key = { pk: { S: `ceiling#${n}` }, sk: { S: "row" } };
      let calls = 0;
      for (; performance.now() < until; calls += 2) {
        await dynamodb("GetItem", { TableName: TABLES.state, Key, ConsistentRead: true });
        await dynamodb("UpdateItem", {
          TableName: TABLES.state,
          Key,
          UpdateExpression: "ADD version :one",
          ConditionExpression: "attribute_not_exists(pk) OR version >= :one",
          ExpressionAttributeValues: { ":one": { N: "1" } },
        });
      }
      return calls;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0) / seconds;
}
