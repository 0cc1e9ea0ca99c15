import { appendFileSync } from 'node:fs';
let calls = 0;
import type { Agent } from "@omoios/sdk/agent";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";

const CLAIMERS = 200;
const TASKS = 400;
const PER_CALL = 200;

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({ max_waiting_claims: 0 });
});
afterAll(() => plane.stop());

it("200 claimers share out 2,000 tasks over HTTP: none twice, none lost", { timeout: 240_000 }, async () => {
  const T=performance.now(); const L=(x: string)=>appendFileSync('/tmp/race.txt', x+' '+Math.round(performance.now()-T)+' cpu '+Math.round(process.cpuUsage().user/1000)+'\n'); const agents = await startAgents(); L('agents');
  const made = await makeTasks(); L('made'); const I = setInterval(() => L('taken '+taken.length+' calls '+calls), 2000);
  const taken: string[] = [];
  const drain = async (agent: Agent) => {
    while (taken.length < TASKS) {
      const { tasks } = await agent.claim({}); calls += 1;
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
    { timeout_ms: 200_000 },
  );
  clearInterval(I); L('done '+taken.length+' calls '+calls); expect(taken.sort()).toEqual(made.map((task_id) => `${task_id}#1`).sort());
});

async function makeTasks(): Promise<string[]> {
  const { ticket_id } = await plane.operator.createTicket({ body: { title: "Race" } });
  const made: string[] = [];
  for (let from = 0; from < TASKS; from += PER_CALL) {
    const tasks = Array.from({ length: PER_CALL }, (_, n) => ({ title: `Task ${from + n}` }));
    const reply = await plane.operator.createTasks({ params: { ticket_id }, body: { tasks } });
    made.push(...reply.tasks.map(({ task_id }) => task_id));
  }
  return made;
}

async function startAgents(): Promise<Agent[]> {
  const agents: Agent[] = [];
  for (let from = 0; from < CLAIMERS; from += 20)
    agents.push(...(await Promise.all(Array.from({ length: 20 }, () => plane.agent({ capacity: TASKS / CLAIMERS })))));
  return agents;
}
