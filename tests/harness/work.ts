import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { RouteReply } from "@omoios/contracts/routes";
import type { Agent } from "@omoios/sdk/agent";
import { ApiProblem } from "@omoios/sdk/api-problem";
import type { CallRequest, Client } from "@omoios/sdk/client";
import type { Registration } from "@omoios/sdk/register-agent";
import type { TestPlane } from "./plane.ts";
import { NotYet, until } from "./until.ts";

export type Claimed = RouteReply<"claimTasks">["tasks"][number];
type TaskSpec = Partial<CallRequest<"createTasks">["body"]["tasks"][number]>;

export interface Work {
  ticket_id: string;
  /** In the order of the specs. */
  task_ids: string[];
  /** A capability that the tasks ask for, and nobody else has. */
  need: string;
  /** One more agent that can take them. */
  agent(registration?: Partial<Registration>): Promise<Agent>;
}

/** A ticket in the backlog with tasks that only agents of this work can take. */
export async function makeWork(plane: TestPlane, specs: TaskSpec[] = [{}]): Promise<Work> {
  const need = randomUUID();
  const { ticket_id } = await plane.operator.createTicket({ body: { title: "Work" } });
  const tasks = specs.map((spec, n) => ({ title: `Task ${n}`, required_capabilities: [need], ...spec }));
  const made = await plane.operator.createTasks({ params: { ticket_id }, body: { tasks } });
  const agent = (registration: Partial<Registration> = {}) => plane.agent({ capabilities: [need], ...registration });
  return { ticket_id, need, agent, task_ids: made.tasks.map(({ task_id }) => task_id) };
}

/** The next task that the agent gets. */
export function claimNext(agent: Agent): Promise<Claimed> {
  return until("an agent got a task", async () => (await agent.claim({})).tasks[0]);
}

/** A task that an agent of its own has claimed. */
export async function heldTask(plane: TestPlane, spec: TaskSpec = {}) {
  const work = await makeWork(plane, [spec]);
  const agent = await work.agent();
  const task = await claimNext(agent);
  return { ...work, agent, task, params: { task_id: task.task_id }, fence: task.fence };
}

/**
 * Beats for these tasks, one beat after the other, so that a slow machine loses no lease meanwhile. Gives what ends it, which throws
 * what a beat was refused with.
 */
export function keepBeating(agent: Agent, current_task_ids: string[]): () => Promise<void> {
  let over = false;
  const beat = async () => {
    while (!over) {
      await agent.heartbeat({ status: "RUNNING", current_task_ids, health_metrics: {} });
      await sleep(300);
    }
  };
  const ended = Promise.allSettled([beat()]);
  return async () => {
    over = true;
    const [outcome] = await ended;
    if (outcome.status === "rejected") throw outcome.reason;
  };
}

export const completed = (fence: number, result: object = {}) => ({ fence, result: { success: true, ...result } });

/** The task once it stands like this. */
export function untilTask(
  operator: Client,
  task_id: string,
  status: RouteReply<"getTask">["status"],
): Promise<RouteReply<"getTask">> {
  return until(`${task_id} was ${status}`, async () => {
    const task = await operator.getTask({ params: { task_id } });
    if (task.status === status) return task;
    throw new NotYet(`${task.status} ${task.pending_reason ?? ""}`);
  });
}

/** What a call was refused with. */
export async function refusalOf(call: Promise<unknown>): Promise<ApiProblem> {
  try {
    await call;
  } catch (failure) {
    if (failure instanceof ApiProblem) return failure;
    throw failure;
  }
  throw new Error("The call was not refused");
}
