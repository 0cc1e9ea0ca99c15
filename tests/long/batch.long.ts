import type { NewTask } from "@omoios/contracts/shapes/new-task";
import type { Agent } from "@omoios/sdk/agent";
import { afterAll, beforeAll, expect, it } from "vitest";
import { clientsOf } from "../harness/plane.ts";
import { type ProcessPlane, startProcessPlane } from "../harness/process-plane.ts";
import { until } from "../harness/until.ts";
import { completed, refusalOf } from "../harness/work.ts";
import { forkAndJoin } from "./fork-and-join.ts";

const AGENTS = 20;

let plane: ProcessPlane;
let clients: ReturnType<typeof clientsOf>;
beforeAll(async () => {
  plane = await startProcessPlane();
  clients = clientsOf(plane);
});
afterAll(() => plane.remove());

const make = async (tasks: NewTask[]) => {
  const { ticket_id } = await clients.operator.createTicket({ body: { title: "Batch" } });
  return { ticket_id, call: () => clients.operator.createTasks({ params: { ticket_id }, body: { tasks } }) };
};

it("500 tasks of one call are made as they were given, and none starts before what it waits for has ended", {
  timeout: 400_000,
}, async () => {
  const tasks = forkAndJoin();
  expect(tasks).toHaveLength(500);
  const { ticket_id, call } = await make(tasks);
  const made = (await call()).tasks;
  expect(made.map(({ ref }) => ref)).toEqual(tasks.map(({ ref }) => ref));
  const ids = new Map(made.map(({ ref, task_id }) => [ref ?? "", task_id]));
  const graph = await until("every task was opened", async () => {
    const graph = await clients.operator.getTicketGraph({ params: { ticket_id } });
    return graph.ready.length === 2 && graph;
  });
  expect(graph.nodes).toHaveLength(500);
  expect(graph.critical_path).toHaveLength(12);
  const wanted = tasks.flatMap(({ ref = "", depends_on = [] }) =>
    depends_on.map((from) => `${ids.get(from)} ${ids.get(ref)}`),
  );
  expect(graph.edges.map(({ from, to }) => `${from} ${to}`).sort()).toEqual(wanted.sort());

  await workThrough(AGENTS, tasks.length);
  const times = await timesFromLog(tasks.length);
  for (const { from, to } of graph.edges) {
    expect(times.started.get(to)).toBeGreaterThanOrEqual(times.completed.get(from) ?? Number.POSITIVE_INFINITY);
  }
});

/** So many agents claim and complete until all tasks are done. */
async function workThrough(agents: number, count: number): Promise<void> {
  let done = 0;
  const crew = await Promise.all(Array.from({ length: agents }, () => clients.agent()));
  const work = async ({ client, claim }: Agent) => {
    while (done < count) {
      const { tasks } = await claim({ wait_ms: 1_000 });
      for (const { task_id, fence } of tasks) {
        await client.completeTask({ params: { task_id }, body: completed(fence) });
        done += 1;
      }
    }
  };
  await Promise.all(crew.map(work));
}

/** When each task started and ended, by the event log; each must have done both once. */
async function timesFromLog(count: number) {
  const times = { started: new Map<string, number>(), completed: new Map<string, number>() };
  let after: string | undefined;
  await until(
    "the log told of every end",
    async () => {
      const page = await clients.operator.listEvents({ query: { limit: 100, after } });
      after = page.next_cursor ?? undefined;
      for (const { type, subject, time } of page.items) {
        const seen = type === "task.started" ? times.started : type === "task.completed" ? times.completed : undefined;
        if (seen === undefined) continue;
        expect(seen.has(subject.id)).toBe(false);
        seen.set(subject.id, Date.parse(time));
      }
      return times.completed.size === count && times.started.size === count;
    },
    { every_ms: 1 },
  );
  return times;
}

it.each([
  ["a circle", { depends_on: ["chain-8"] }, "task.dependency_cycle"],
  ["an unknown dependency", { depends_on: ["nobody"] }, "task.dependency_unknown"],
  ["an unknown phase", { phase_id: "PHASE_UNHEARD_OF" }, "ticket.phase_unknown"],
])("one task with %s, and none of the 500 is made", async (_title, fault, code) => {
  const tasks = forkAndJoin().map((task) => (task.ref === "root" ? { ...task, ...fault } : task));
  const { ticket_id, call } = await make(tasks);
  expect(await refusalOf(call())).toMatchObject({ status: 422, code });
  expect((await clients.operator.listTicketTasks({ params: { ticket_id } })).items).toEqual([]);
});
