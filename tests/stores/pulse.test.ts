import type { Tables } from "@omoios/adapters/dynamodb/client";
import { pulseOn, usedAssertionsOn } from "@omoios/adapters/dynamodb/pulse";
import type { Beat } from "@omoios/domain/agents/model";
import { type AgentId, newId, type TaskId } from "@omoios/kernel/ids";
import { seededRandom } from "@omoios/kernel/random";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withTables } from "../harness/dynamodb.ts";

const NOW = Date.parse("2026-01-05T10:00:00Z");
const random = seededRandom(7);
const [A, B] = [newId("task", random), newId("task", random)] as [TaskId, TaskId];

let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => ({ tables, stop } = await withTables()));
afterAll(() => stop());

const beatOf = (agent_id: AgentId, sequence: number, given: Partial<Beat> = {}): Beat => ({
  agent_id,
  epoch: 1,
  sequence,
  beat_at: NOW + sequence,
  status: "IDLE",
  task_ids: [],
  health: {},
  left_out: [],
  ...given,
});

async function opened(): Promise<AgentId> {
  const agent_id = newId("agent", random);
  const { left_out: _left, ...row } = beatOf(agent_id, 0);
  await pulseOn(tables).open({ ...row, left_out: {}, replays: 0, ttl: NOW / 1000 + 3600 });
  return agent_id;
}

describe("the pulse of an agent", () => {
  it("is written by one request of one write unit, and keeps no earlier promise", async () => {
    const agent_id = await opened();
    const pulse = pulseOn(tables);
    const requests = counted();
    await requests.during(() => pulse.beat(beatOf(agent_id, 1, { next_by: NOW + 60_000 })));
    expect(requests.seen).toEqual([{ name: "UpdateItemCommand", units: 1 }]);
    expect(await pulse.get(agent_id)).toMatchObject({ sequence: 1, next_by: NOW + 60_000 });
    await pulse.beat(beatOf(agent_id, 2));
    expect(await pulse.get(agent_id)).toEqual({
      ...beatOf(agent_id, 2),
      left_out: {},
      replays: 0,
      recent: {
        1: { sequence: 1, at: NOW + 1, status: "IDLE" },
        2: { sequence: 2, at: NOW + 2, status: "IDLE" },
      },
    });
  });

  it("takes newer numbers of its epoch only, and shows what stood against the others", async () => {
    const agent_id = await opened();
    const pulse = pulseOn(tables);
    expect(await pulse.beat(beatOf(agent_id, 5))).toMatchObject({ written: true, before: { sequence: 0 } });
    for (const late of [beatOf(agent_id, 5), beatOf(agent_id, 4), beatOf(agent_id, 6, { epoch: 2 })])
      expect(await pulse.beat(late)).toMatchObject({ written: false, before: { sequence: 5, epoch: 1 } });
    await pulse.replayed(agent_id);
    await pulse.replayed(agent_id);
    expect(await pulse.get(agent_id)).toMatchObject({ sequence: 5, replays: 2 });
  });

  it("counts in the same write how often in a row a task was left out", async () => {
    const agent_id = await opened();
    const pulse = pulseOn(tables);
    const counts: (Record<string, number> | undefined)[] = [];
    const beats: TaskId[][] = [[A], [A, B], [A], [], [B]];
    for (const [index, left_out] of beats.entries()) {
      await pulse.beat(beatOf(agent_id, index + 1, { left_out }));
      counts.push((await pulse.get(agent_id))?.left_out);
    }
    expect(counts).toEqual([{ [A]: 1 }, { [A]: 2, [B]: 1 }, { [A]: 3 }, {}, { [B]: 1 }]);
    const requests = counted();
    await requests.during(() => pulse.beat(beatOf(agent_id, 6, { left_out: [B] })));
    expect(requests.seen).toEqual([{ name: "UpdateItemCommand", units: 1 }]);
  });

  it("is gone once closed, and no beat that was under way brings it back", async () => {
    const agent_id = await opened();
    const pulse = pulseOn(tables);
    await pulse.close(agent_id);
    expect(await pulse.beat(beatOf(agent_id, 1))).toEqual({ written: false, before: undefined });
    await pulse.replayed(agent_id);
    expect(await pulse.get(agent_id)).toBeUndefined();
  });

  it("is read for many agents at once", async () => {
    const [one, two] = [await opened(), await opened()];
    const rows = await pulseOn(tables).getMany([one, two, newId("agent", random), one]);
    expect(rows.map((row) => row.agent_id).sort()).toEqual([one, two].sort());
  });
});

it("an assertion is used once, and another agent's by the same name is another", async () => {
  const used = usedAssertionsOn(tables);
  const answers = await Promise.all(Array.from({ length: 5 }, () => used.use("agent-1", "jti", NOW)));
  expect(answers.filter(Boolean)).toHaveLength(1);
  expect(await used.use("agent-2", "jti", NOW)).toBe(true);
});

/** Requests of the tables' client with the capacity that they consumed. */
function counted() {
  const seen: { name: string; units: number | undefined }[] = [];
  return {
    seen,
    async during(work: () => Promise<unknown>): Promise<void> {
      const { middlewareStack } = tables.client;
      middlewareStack.add(
        (next, context) => async (args) => {
          Object.assign(args.input as object, { ReturnConsumedCapacity: "TOTAL" });
          const answer = await next(args);
          const output = answer.output as unknown as { ConsumedCapacity?: { CapacityUnits?: number } };
          seen.push({ name: String(context.commandName), units: output.ConsumedCapacity?.CapacityUnits });
          return answer;
        },
        { step: "initialize", name: "count" },
      );
      try {
        await work();
      } finally {
        middlewareStack.remove("count");
      }
    },
  };
}
