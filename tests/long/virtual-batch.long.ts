import { defaultLimits } from "@omoios/contracts/default-limits";
import type { AgentRow } from "@omoios/domain/agents/model";
import type { RequestContext } from "@omoios/domain/commit";
import type { AgentId, TaskId, TicketId } from "@omoios/kernel/ids";
import { type Chance, chance } from "@omoios/simulation/chance";
import { type Database, startDatabase } from "@omoios/simulation/database";
import type { Instance } from "@omoios/simulation/plane/instances";
import { afterAll, beforeAll, expect, it } from "vitest";
import { rowsOf } from "../simulation/checks/rows.ts";
import { prepared } from "../simulation/simulate.ts";
import { makeWorld, type World } from "../simulation/world.ts";
import { forkAndJoin } from "./fork-and-join.ts";

const AGENTS = 200;
const TASK_MS = 1_000;
const ASKS_EVERY_MS = 50;
const LONGEST_PATH = 12;

let database: Database;
beforeAll(() => {
  database = startDatabase();
});
afterAll(() => database.stop());

/** Everything takes the least time that it may take, and nobody pauses; keys and ids are drawn all the same. */
const punctual = (drawn: Chance): Chance => ({
  ...drawn,
  percent: () => false,
  between: (least) => least,
  of: (part) => (part.startsWith("key-") ? drawn.of(part) : punctual(drawn.of(part))),
});

const startWorld = async (): Promise<World> =>
  makeWorld({
    seed: 1,
    emulator: await database.open(),
    clients: database.clients,
    chance: punctual(chance(1)),
    scenario: {
      one_machine: true,
      limits: defaultLimits,
      faults_ms: 0,
      calls: [],
      agents: Array.from({ length: AGENTS }, () => ({
        capabilities: [],
        capacity: 1,
        clock_off_ms: 0,
        told: "not" as const,
        url: "",
      })),
    },
  });

it("200 agents work 500 tasks of a second off in little more than the longest path takes", async () => {
  const world = await startWorld();
  const agents = await prepared(world);
  const { time, changes } = world;
  const tasks = () => [...rowsOf(changes.current.values()).tasks.values()];
  let done = 0;
  for (const [index, agent_id] of agents.entries())
    time.after((index * ASKS_EVERY_MS) / AGENTS, () => void work(world, agent_id, () => done++));
  const making = makeTasks(world);
  const late = time.now() + 5 * LONGEST_PATH * TASK_MS;
  await time.run(() => done === 500 || time.now() > late);
  await making;

  expect(world.errors).toEqual([]);
  expect(tasks().filter(({ status }) => status === "completed")).toHaveLength(500);
  const opened = Math.min(...tasks().map(({ created_at }) => created_at));
  const ended = Math.max(...tasks().map(({ completed_at = Number.POSITIVE_INFINITY }) => completed_at));
  expect(ended - opened).toBeLessThanOrEqual(LONGEST_PATH * TASK_MS * 1.1);
});

async function makeTasks({ fleet, time }: World): Promise<void> {
  const ending = await fleet.invoke("api-control", async ({ rooms }) => {
    const actor = { kind: "operator", id: "key_operator", authority: "GUARDIAN" } as const;
    const ctx = { now: time.now(), actor, random: rooms.random, correlation_id: "batch" };
    const { ticket_id } = await rooms.tickets.open(ctx, { title: "Batch", workflow: "gated" });
    await rooms.tickets.addTasks(ctx, ticket_id as TicketId, forkAndJoin());
  });
  if (ending.ended === "threw") throw ending.error;
}

/** An agent that asks again at once, and works on each task for a second. */
async function work({ api, time }: World, agent_id: AgentId, ended: () => void): Promise<void> {
  const call = <T>(act: (instance: Instance, ctx: RequestContext, row: AgentRow) => Promise<T>) =>
    api.call({
      of: "api-agents",
      actor: { kind: "agent", id: agent_id, authority: "WORKER" },
      tries: 1,
      async act(instance, ctx) {
        const row = await instance.rooms.parts.store.get("agent", { agent_id });
        if (row === undefined) throw new Error(`${agent_id} is not there`);
        return act(instance, ctx, row);
      },
    });
  for (;;) {
    const { tasks } = await call(({ rooms }, ctx, row) =>
      rooms.claim(ctx, row, { max: 1, wait_ms: 0, key: undefined }),
    );
    for (const { task_id, fence } of tasks) {
      await time.sleep(TASK_MS);
      await call(({ rooms }, ctx, row) => rooms.holder.complete(ctx, row, task_id as TaskId, fence, { success: true }));
      ended();
    }
    if (tasks.length === 0) await time.sleep(ASKS_EVERY_MS);
  }
}
