import type { Agent } from "@omoios/sdk/agent";
import { afterAll, beforeAll, expect, it } from "vitest";
import { clientsOf } from "../harness/plane.ts";
import { type ProcessPlane, startProcessPlane } from "../harness/process-plane.ts";
import { until } from "../harness/until.ts";

const CLAIMERS = 200;
const TASKS = 2_000;
const PER_CALL = 500;

let plane: ProcessPlane;
let clients: ReturnType<typeof clientsOf>;
beforeAll(async () => {
  // Nobody beats here, and a slow machine takes longer than a usual lease.
  plane = await startProcessPlane({ OMOI_LIMITS__LEASE_SECONDS: "900", OMOI_LIMITS__HEARTBEAT_IDLE_SECONDS: "86400" });
  clients = clientsOf(plane);
});
afterAll(() => plane.remove());

it("200 claimers share out 2,000 tasks over HTTP: none twice, none lost", { timeout: 400_000 }, async () => {
  const agents = await startAgents();
  const made = await makeTasks();
  const taken: string[] = [];
  const drain = async (agent: Agent) => {
    while (taken.length < TASKS) {
      const { tasks } = await agent.claim({});
      taken.push(...tasks.map(({ task_id, fence }) => `${task_id}#${fence}`));
      if (tasks.length === 0) return;
    }
  };
  await until(
    "every task was claimed",
    async () => {
      await Promise.all(agents.map(drain));
      return taken.length >= TASKS;
    },
    { timeout_ms: 360_000 },
  );
  expect(taken.sort()).toEqual(made.map((task_id) => `${task_id}#1`).sort());
});

async function makeTasks(): Promise<string[]> {
  const { ticket_id } = await clients.operator.createTicket({ body: { title: "Race" } });
  const made: string[] = [];
  for (let from = 0; from < TASKS; from += PER_CALL) {
    const tasks = Array.from({ length: PER_CALL }, (_, n) => ({ title: `Task ${from + n}` }));
    const reply = await clients.operator.createTasks({ params: { ticket_id }, body: { tasks } });
    made.push(...reply.tasks.map(({ task_id }) => task_id));
  }
  return made;
}

async function startAgents(): Promise<Agent[]> {
  const agents: Agent[] = [];
  for (let from = 0; from < CLAIMERS; from += 20)
    agents.push(
      ...(await Promise.all(Array.from({ length: 20 }, () => clients.agent({ capacity: TASKS / CLAIMERS })))),
    );
  return agents;
}
