import type { Tables } from "@omoios/adapters/dynamodb/client";
import { usedAssertionsOn } from "@omoios/adapters/dynamodb/counters";
import { pulseOn } from "@omoios/adapters/dynamodb/pulse";
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
      beats: 2,
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

  it("holds eight messages, and brings them with a beat that acknowledges some, in one write unit", async () => {
    const agent_id = await opened();
    const pulse = pulseOn(tables);
    const health = { cpu_usage_percent: 12.5, memory_usage_mb: 512, pending_operations: 1 };
    const working = { status: "RUNNING", task_ids: [A], health };
    for (const n of [1, 2, 3, 4]) await pulse.beat(beatOf(agent_id, n, { ...working, next_by: NOW + 60_000 }));
    const mail = Array.from({ length: 8 }, () => ({ id: newId("message", random), at: NOW, beats: 4 }));
    const read = await pulse.get(agent_id);
    if (read === undefined) throw new Error("The pulse is gone");
    expect(await pulse.post(read, { mail, mail_last: 8 })).toBe(true);
    const requests = counted();
    const outcome = await requests.during(() => pulse.beat(beatOf(agent_id, 5, { ...working, acked: 3 })));
    expect(requests.seen).toEqual([{ name: "UpdateItemCommand", units: 1 }]);
    expect(outcome).toMatchObject({ written: true, before: { mail, mail_last: 8, beats: 4 } });
    expect(await pulse.get(agent_id)).toMatchObject({ mail, mail_last: 8, beats: 5, acked: 3 });
    await pulse.beat(beatOf(agent_id, 6));
    await pulse.acknowledge(agent_id, 2);
    expect(await pulse.get(agent_id)).toMatchObject({ acked: 3 });
    await pulse.acknowledge(agent_id, 8);
    expect(await pulse.get(agent_id)).toMatchObject({ acked: 8, beats: 6 });
  });

  it("takes no message by one who read it before a beat, or before another message", async () => {
    const agent_id = await opened();
    const pulse = pulseOn(tables);
    const box = () => ({ mail: [{ id: newId("message", random), at: NOW, beats: 0 }], mail_last: 1 });
    const fresh = await pulse.get(agent_id);
    if (fresh === undefined) throw new Error("The pulse is gone");
    const posts = await Promise.all([pulse.post(fresh, box()), pulse.post(fresh, box()), pulse.post(fresh, box())]);
    expect(posts.filter(Boolean)).toHaveLength(1);
    const second = await pulse.get(agent_id);
    await pulse.beat(beatOf(agent_id, 1));
    expect(second && (await pulse.post(second, { ...box(), mail_last: 2 }))).toBe(false);
    await pulse.close(agent_id);
    expect(await pulse.post(fresh, box())).toBe(false);
    expect(await pulse.get(agent_id)).toBeUndefined();
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
    async during<T>(work: () => Promise<T>): Promise<T> {
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
        return await work();
      } finally {
        middlewareStack.remove("count");
      }
    },
  };
}
