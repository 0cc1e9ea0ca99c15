import type { Tables } from "@omoios/adapters/dynamodb/client";
import { createTicket } from "@omoios/contracts/shapes/ticket";
import { agentRow } from "@omoios/domain/agents/agent-row.fixture";
import { dispatch } from "@omoios/domain/tasks/dispatch";
import type { AgentId } from "@omoios/kernel/ids";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withTables } from "../harness/dynamodb.ts";
import { NOW } from "../harness/task-row.ts";
import { timedRooms } from "../harness/timed-rooms.ts";

const PHASE = "PHASE_IMPLEMENTATION";
/** Agents that take a task each twelve seconds. */
const AGENTS = 24;
const SECONDS = 70;

let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ tables, stop } = await withTables());
});
afterAll(() => stop());

/** A process, and a fleet that it has work for: two tasks each second, and an agent for each. */
async function steadyFleet(figure_line?: (line: string) => void) {
  const time = { now: NOW };
  const plane = timedRooms(tables, time, undefined, figure_line === undefined ? {} : { figure_line });
  const { rooms, context } = plane;
  const { book, store, commit } = rooms.parts;
  const name = figure_line === undefined ? "here" : "aws";
  const class_id = await book.ensureClass(context(), [PHASE], ["code"]);
  for (let n = 0; n < AGENTS; n++) {
    const agent_id = `agent_${name}_${n}` as AgentId;
    await commit(context(), [
      { kind: "agent", after: { ...agentRow({ agent_id, class_id, capacity: 20 }), version: 0 } },
    ]);
  }
  const { ticket_id } = await rooms.tickets.open(context(), createTicket().parse({ title: "Work" }));
  const second = async (n: number) => {
    for (const half of [0, 1]) {
      time.now += 500;
      const draft = { title: "A task", phase_id: PHASE, required_capabilities: ["code"] };
      const [made] = await rooms.tickets.addTasks(context(), ticket_id, [draft] as never);
      const task = made && (await store.get("task", made));
      if (task !== undefined) await dispatch(rooms.dispatching, context(), { task_id: task.task_id, version: 0 });
      const agent = await store.get("agent", { agent_id: `agent_${name}_${(2 * n + half) % AGENTS}` as AgentId });
      if (agent === undefined || task === undefined) throw new Error("There are agents and tasks");
      const { tasks } = await rooms.claim(context(), agent, { max: 1, wait_ms: 0, key: undefined });
      expect(tasks).toHaveLength(1);
    }
  };
  return { ...plane, time, second };
}

const LEAST = 0.8;

test("a steady fleet's caches need no request for four reads of five, and the sweep makes that a sample", async () => {
  const { work, watch, second, time } = await steadyFleet();
  for (let n = 0; n < SECONDS; n++) await second(n);
  await work.sweep();
  const { series, monitor } = watch();
  const [shown] = (await series.list("cache_hit_ratio", {}, { limit: 10 })).rows;
  const [at, ratio = 0] = shown?.recent.at(-1) ?? [];
  expect([at, shown?.recent.length]).toEqual([time.now, 1]);
  expect(ratio).toBeGreaterThanOrEqual(LEAST);
  expect(ratio).toBeLessThan(1);
  expect(await monitor.openMetrics()).toMatch(new RegExp(`^cache_hit_ratio ${ratio}$`, "m"));
  // At rest nothing is read, and a sample of nothing is none.
  for (let minute = 0; minute < 3; minute++) {
    time.now += 60_000;
    await work.sweep();
  }
  expect((await series.list("cache_hit_ratio", {}, { limit: 10 })).rows[0]?.recent.length).toBe(1);
});

test("in AWS each process tells CloudWatch its reads and hits of a minute, which has the same share, and nothing at rest", async () => {
  const lines: string[] = [];
  const { work, watch, second, time } = await steadyFleet((line) => lines.push(line));
  const told = () => lines.map((line) => JSON.parse(line)).filter((line) => line.cache_reads_total !== undefined);
  const before = (await watch().series.list("cache_hit_ratio", {}, { limit: 10 })).rows[0]?.recent.length;
  for (let n = 0; n < SECONDS; n++) await second(n);
  expect(told()).toHaveLength(1);
  for (const { cache_reads_total, cache_hits_total, stage } of told()) {
    expect([stage, cache_reads_total >= 60]).toEqual(["test", true]);
    expect(cache_hits_total / cache_reads_total).toBeGreaterThanOrEqual(LEAST);
  }
  for (let minute = 0; minute < 4; minute++) {
    time.now += 60_000;
    await work.sweep();
  }
  // What was left of the last minute of work is told with the first read after it.
  expect(told().length).toBeLessThanOrEqual(2);
  // Its own caches are not the stage's: the sweep makes no sample of them there.
  expect((await watch().series.list("cache_hit_ratio", {}, { limit: 10 })).rows[0]?.recent.length).toBe(before);
});
