import { fileURLToPath } from "node:url";
import { BatchWriteCommand, paginateScan } from "@aws-sdk/lib-dynamodb";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { readConfiguration } from "@omoios/app/configuration";
import type { Ground } from "@omoios/app/ground";
import { rooms } from "@omoios/app/rooms";
import { watchRooms } from "@omoios/app/watch-rooms";
import { watchWork } from "@omoios/app/watch-work";
import { work } from "@omoios/app/work";
import type { TimerMessage } from "@omoios/contracts/jobs";
import { createTicket } from "@omoios/contracts/shapes/ticket";
import { systemContext } from "@omoios/kernel/context";
import { newId } from "@omoios/kernel/ids";
import { seededRandom } from "@omoios/kernel/random";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withTables } from "../harness/dynamodb.ts";
import { memoryStageKeys } from "../harness/stage-keys.ts";

const START = Date.parse("2026-01-05T10:00:00Z");
const configuration = readConfiguration(fileURLToPath(new URL("../../config", import.meta.url)), {});
const random = seededRandom(11);

let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => ({ tables, stop } = await withTables()));
afterAll(() => stop());

/** Forty tasks in two rows, each of the second waiting for one of the first: more than one transaction takes. */
const TASKS = Array.from({ length: 40 }, (_, n) => ({
  ref: `t${n}`,
  title: `Task ${n}`,
  ...(n < 20 ? {} : { depends_on: [`t${n - 20}`] }),
}));

class Died extends Error {}

/** A plane whose process dies before the batch write of that number, and is made anew without it. */
function planeDyingAt(last: number, time: { now: number }) {
  let writes = 0;
  const client: Tables["client"] = new Proxy(tables.client, {
    get: (target, name) =>
      name === "send"
        ? async (command: object) => {
            if (command instanceof BatchWriteCommand && ++writes > last) throw new Died();
            return target.send(command as never);
          }
        : Reflect.get(target, name),
  });
  const sent: TimerMessage[] = [];
  const ground: Ground = {
    ...configuration,
    stage: "test",
    tables: { ...tables, client },
    clock: { now: () => time.now },
    random,
    timers: { set: async (messages) => void sent.push(...messages) },
    token_keys: memoryStageKeys(START),
    audit_keys: memoryStageKeys(START),
  };
  const furnished = rooms(ground);
  const watching = async () => watchWork(furnished, watchRooms(ground, furnished));
  return { rooms: furnished, work: work(furnished, watching), sent, writes: () => writes };
}

const NEVER = Number.POSITIVE_INFINITY;

/** Every row of the ticket but itself: tasks, bodies, what is open, edges, batches. */
async function leftOf(ticket_id: string): Promise<string[]> {
  const left: string[] = [];
  for await (const { Items = [] } of paginateScan({ client: tables.client }, { TableName: tables.state })) {
    for (const item of Items) {
      const kind = String(item.__edb_e__);
      if (item.ticket_id === ticket_id && ["task", "task_body", "open_task", "edge", "batch"].includes(kind))
        left.push(kind);
    }
  }
  return left;
}

async function batchBrokenOff(at: number) {
  const time = { now: START };
  const context = () => systemContext("test", time.now, random);
  const { rooms: plane, writes } = planeDyingAt(at, time);
  const { ticket_id } = await plane.tickets.open(context(), createTicket().parse({ title: "Broken off" }));
  const adding = plane.tickets.addTasks(context(), ticket_id, TASKS as never);
  const died = await adding.then(
    () => false,
    (error: unknown) => {
      if (error instanceof Died) return true;
      throw error;
    },
  );
  return { ticket_id, died, time, context, writes: writes() };
}

const batchesOf = async (ticket_id: string) => {
  for await (const { Items = [] } of paginateScan({ client: tables.client }, { TableName: tables.state })) {
    const found = Items.find((item) => item.__edb_e__ === "batch" && item.ticket_id === ticket_id);
    if (found !== undefined) return String(found.batch_id);
  }
  return newId("batch", random);
};

it("nothing is left of a batch whose process died at any of its writes, nor where its removal died too", async () => {
  const whole = await batchBrokenOff(NEVER);
  expect(whole.died).toBe(false);
  expect(whole.writes).toBeGreaterThanOrEqual(6);
  for (let at = 0; at < whole.writes; at++) {
    const { ticket_id, died, time } = await batchBrokenOff(at);
    expect(died).toBe(true);
    const id = await batchesOf(ticket_id);
    time.now += configuration.limits.batch_open_seconds * 1000;
    const due = { kind: "batch", id, due_at: time.now } as const;
    // Some tasks' rows are missing in most of these; each try of the removal gets one write further.
    for (let tries = 0; ; tries++) {
      const { work } = planeDyingAt(tries, time);
      const done = await work.isDue(due).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Died) return false;
          throw error;
        },
      );
      if (done) break;
    }
    expect(await leftOf(ticket_id), `died at write ${at}`).toEqual([]);
  }
});
