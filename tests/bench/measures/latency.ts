import { setTimeout as sleep } from "node:timers/promises";
import type { Agent } from "@omoios/sdk/agent";
import { type Client, createClient } from "@omoios/sdk/client";
import { startRunningPlane } from "../../harness/running-plane.ts";
import { startAgents } from "../agents.ts";
import { type Figures, quantile, rounded } from "../figures.ts";
import { until } from "../quiet.ts";

const PHASE = "PHASE_TESTING";
/** Each is a lane of its own. Every agent can take them all, as one that offers several languages and tools does. */
const NEEDS = Array.from({ length: 12 }, (_, n) => `need:${n}`);
const AGENTS = 24;
const TASKS_PER_S = 10;
const SECONDS = 20;
/** Tasks before these say nothing: code is being compiled, and caches fill. */
const WARM_TASKS = 40;
const TASKS = WARM_TASKS + TASKS_PER_S * SECONDS;
const WAIT_MS = 5_000;
/** Tasks of several tickets: makers of one ticket's tasks wait for one another. */
const TICKETS = 10;

/** From the arrival of a new task at the plane to its arrival at an idle agent that waits for work. */
export async function measureLatency(): Promise<Figures> {
  const plane = await startRunningPlane({ HEARTBEAT_IDLE_SECONDS: "86400" });
  try {
    const operator = createClient({ url: plane.url, api_key: plane.api_key });
    const agents = await startAgents(plane.url, operator, AGENTS, [PHASE], NEEDS);
    const tickets = await Promise.all(
      Array.from({ length: TICKETS }, () => operator.createTicket({ body: { title: "A ticket" } })),
    );
    const claimedAt = new Map<string, number>();
    const stopping = new AbortController();
    const polls = agents.map((agent) => poll(agent, claimedAt, stopping.signal));
    const madeAt = new Map<string, number>();
    try {
      await Promise.race([makeAll(operator, tickets, madeAt), Promise.all(polls)]);
      await until("every task is claimed", () => claimedAt.size >= TASKS);
    } finally {
      stopping.abort();
      await Promise.allSettled(polls);
    }
    const samples = [...madeAt].slice(WARM_TASKS).map(([task_id, at]) => (claimedAt.get(task_id) ?? Number.NaN) - at);
    return {
      "latency.enqueue_to_claimed_ms": {
        p50: rounded(quantile(samples, 0.5), 0),
        p95: rounded(quantile(samples, 0.95), 0),
        samples: samples.length,
      },
    };
  } finally {
    await plane.stop();
  }
}

/** Makes tasks at an even pace, whether or not those before are made. Notes when each came to the plane. */
async function makeAll(operator: Client, tickets: readonly { ticket_id: string }[], madeAt: Map<string, number>) {
  const making: Promise<void>[] = [];
  const started = performance.now();
  for (let n = 0; n < TASKS; n++) {
    await sleep(Math.max(0, started + (n * 1000) / TASKS_PER_S - performance.now()));
    const ticket_id = tickets[n % tickets.length]?.ticket_id ?? "";
    const required_capabilities = [NEEDS[n % NEEDS.length] ?? ""];
    const body = { ticket_id, title: `Task ${n}`, phase_id: PHASE, required_capabilities };
    const made = operator.createTask({ body });
    making.push(made.then((task) => void madeAt.set(task.task_id, Date.parse(task.created_at))));
  }
  await Promise.all(making);
}

/** Asks for work as it is told to, and is done with it at once. */
async function poll(agent: Agent, claimedAt: Map<string, number>, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const { tasks, retry_after_ms } = await agent.claim({ wait_ms: WAIT_MS });
    for (const { task_id, fence } of tasks) {
      claimedAt.set(task_id, Date.now());
      await agent.client.completeTask({ params: { task_id }, body: { fence, result: { success: true } } });
    }
    if (tasks.length === 0 && !stop.aborted) await sleep(Math.min(retry_after_ms, 1_000));
  }
}
