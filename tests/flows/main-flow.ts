import { setTimeout as sleep } from "node:timers/promises";
import type { RouteReply } from "@omoios/contracts/routes";
import { type Agent, createAgent } from "@omoios/sdk/agent";
import { ApiProblem } from "@omoios/sdk/api-problem";
import { type Client, createClient } from "@omoios/sdk/client";
import { registerAgent } from "@omoios/sdk/register-agent";
import { NotYet, until } from "../harness/until.ts";
import { EVIDENCE } from "./evidence.ts";

type Claimed = RouteReply<"claimTasks">["tasks"][number];

export interface FlowOptions {
  url: string;
  operator_key: string;
  fetch?: typeof globalThis.fetch;
}

/** A deployment into an emulator takes its time: cold starts, and polls of a second. */
const PATIENCE = { timeout_ms: 240_000, every_ms: 500 };
const PHASES = ["REQUIREMENTS", "DESIGN", "IMPLEMENTATION", "BUILDING_DONE", "TESTING", "DEPLOYMENT"];
const CREWS = [
  { phase_ids: ["PHASE_REQUIREMENTS", "PHASE_DESIGN"], capabilities: ["analysis", "design"] },
  { phase_ids: ["PHASE_IMPLEMENTATION", "PHASE_BUILDING_DONE"], capabilities: ["code", "packaging"] },
  { phase_ids: ["PHASE_TESTING", "PHASE_DEPLOYMENT"], capabilities: ["testing", "deployment"] },
];
const PASSING = "Connection reset by the test";
const FINAL = "Permission denied: the test's repository";

/**
 * Works one ticket through a fresh stage, from its making to PHASE_DONE, as its operator and three agents: evidence for each gate, a
 * dependency, a retry after its back-off, a dead letter that is redriven, a repeated request, and the event log at the end.
 * @throws Error that says what did not happen
 */
export async function mainFlow({ url, operator_key, ...options }: FlowOptions): Promise<void> {
  const operator = createClient({ url, api_key: operator_key, ...options });
  const agents = await Promise.all(CREWS.map((crew) => startAgent(operator, crew, { url, ...options })));
  const { ticket_id } = await openTicket(operator);
  const done = new AbortController();
  const crews = Promise.all(agents.map((agent) => workUntil(agent, done.signal)));
  try {
    await Promise.race([followTicket(operator, ticket_id), crews]);
  } finally {
    done.abort();
  }
  await crews;
  await checkRecords(operator, ticket_id);
}

async function startAgent(
  operator: Client,
  crew: (typeof CREWS)[number],
  options: { url: string; fetch?: typeof globalThis.fetch },
): Promise<Agent> {
  const { identity } = await registerAgent(operator, { agent_type: "worker", version: "1.0.0", ...crew });
  const agent = createAgent({ ...options, ...identity });
  await agent.start();
  return agent;
}

/** One key makes one ticket, and no other. */
async function openTicket(operator: Client): Promise<RouteReply<"createTicket">> {
  const phase_id = "PHASE_REQUIREMENTS";
  const body = {
    title: "Main flow",
    description: "A ticket that goes all the way.",
    start: true,
    tasks: [
      { ref: "survey", title: "Survey", task_type: "survey", phase_id },
      { ref: "report", title: "Report on the survey", task_type: "report", phase_id, depends_on: ["survey"] },
      { title: "Fails once", task_type: "passing_failure", phase_id },
      { title: "Fails for good", task_type: "final_failure", phase_id },
    ],
  };
  const idempotency_key = crypto.randomUUID();
  const [first, again] = [
    await operator.createTicket({ body }, { idempotency_key }),
    await operator.createTicket({ body }, { idempotency_key }),
  ];
  must(first.ticket_id === again.ticket_id, "The same request with the same Idempotency-Key made a second ticket");
  const other = operator.createTicket({ body: { title: "Another" } }, { idempotency_key });
  const refusal = await other.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  must(
    refusal instanceof ApiProblem && refusal.code === "idempotency.key_reused",
    `Another request with a used Idempotency-Key was not refused: ${String(refusal)}`,
  );
  return first;
}

/** Well within the interval of an idle agent: on a slow stage the flow takes minutes. */
const BEAT_EVERY_MS = 10_000;

async function workUntil(agent: Agent, signal: AbortSignal): Promise<void> {
  let beaten_at = performance.now();
  while (!signal.aborted) {
    if (performance.now() - beaten_at > BEAT_EVERY_MS) {
      beaten_at = performance.now();
      await agent.heartbeat({ status: "IDLE", current_task_ids: [], health_metrics: {} });
    }
    const { tasks, retry_after_ms } = await agent.claim({ max: 1 });
    for (const task of tasks) await work(agent, task);
    if (tasks.length === 0) await sleep(Math.min(retry_after_ms, 1_000), undefined, { signal }).catch(() => undefined);
  }
}

/** What an agent does with a task: it proves generated ones, and fails those that are there to fail. */
async function work({ client }: Agent, { task_id, fence, task_type, attempt, context }: Claimed): Promise<void> {
  const params = { task_id };
  const failing = { passing_failure: PASSING, final_failure: FINAL }[task_type];
  if (failing !== undefined && attempt === 1) {
    await client.failTask({ params, body: { fence, error: { message: failing } } });
    return;
  }
  if (failing !== undefined) must(context.errors.includes(failing), `The second attempt was not told of "${failing}"`);
  if (task_type === "report") {
    const done = context.handoffs.flatMap(({ handoff }) => handoff.done ?? []);
    must(done.includes("Asked everybody"), "The dependent was not handed what its dependency had done");
  }
  await client.progressTask({ params, body: { fence, percent: 50 } });
  const handoff = task_type === "survey" ? { handoff: { done: ["Asked everybody"] } } : {};
  const artifacts = EVIDENCE[task_type] ?? [];
  const output = { summary: `Did ${task_type}`, decisions: [`Decided in ${task_type}`] };
  await client.completeTask({ params, body: { fence, result: { success: true, output, artifacts, ...handoff } } });
}

/** Redrives the dead letter when it is there, and waits until the ticket is done. */
async function followTicket(operator: Client, ticket_id: string): Promise<void> {
  const letter = await until(
    "the permanent failure became a dead letter",
    async () => (await operator.listDeadLetters()).items.find((row) => row.ticket_id === ticket_id),
    PATIENCE,
  );
  must(letter.error.message === FINAL, `The dead letter does not keep its error, but "${letter.error.message}"`);
  await operator.redriveDeadLetter({ params: { dead_letter_id: letter.id } });
  await until(
    "the ticket was done",
    async () => {
      const { status, phase_id } = await operator.getTicket({ params: { ticket_id } });
      if (status === "done") return phase_id;
      const { verdict, blocking_reasons } = await operator.getTicketGate({ params: { ticket_id } });
      throw new NotYet(`${phase_id}, ${status}, gate ${verdict}: ${JSON.stringify(blocking_reasons)}`);
    },
    PATIENCE,
  );
}

/** What the plane tells afterwards: the way of the ticket, its tasks, and the events of both. */
async function checkRecords(operator: Client, ticket_id: string): Promise<void> {
  const params = { ticket_id };
  const history = (await operator.getTicketHistory({ params })).items.map(({ to }) => to).reverse();
  const way = ["BACKLOG", ...PHASES, "DONE"].map((name) => `PHASE_${name}`);
  must(history.join() === way.join(), `The ticket's way was ${history.join(", ")}`);
  const tasks = (await operator.listTicketTasks({ params })).items;
  const open = tasks.filter(({ status }) => status !== "completed");
  must(open.length === 0, `Not completed: ${open.map(({ title, status }) => `${title} (${status})`).join(", ")}`);
  const retried = tasks.find(({ task_type }) => task_type === "passing_failure");
  must(retried?.attempt === 2 && retried.retry_count === 1, "The retry was not counted");
  must((await waited(operator, retried.task_id)) >= 750, "The retry did not wait for its back-off");
  await until(
    "the event log had the ticket's end",
    async () => {
      const { items } = await operator.listEvents({ query: { subject: ticket_id, limit: 100 } });
      const moves = items.filter(({ type }) => type === "ticket.phase_changed").length;
      return items.some(({ type }) => type === "ticket.completed") && moves === way.length - 1;
    },
    PATIENCE,
  );
}

/** Milliseconds between the end of the first attempt and the start of the second. */
async function waited(operator: Client, task_id: string): Promise<number> {
  const { items } = await operator.listTaskAttempts({ params: { task_id } });
  const [first, second] = items;
  must(
    items.length === 2 && first?.outcome === "failed" && second?.outcome === "completed",
    "The attempts are not kept",
  );
  return Date.parse(second?.started_at ?? "") - Date.parse(first?.ended_at ?? "");
}

function must(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}
