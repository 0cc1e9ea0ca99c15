import { BatchWriteCommand, paginateScan } from "@aws-sdk/lib-dynamodb";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { idempotencyIn } from "@omoios/adapters/dynamodb/idempotency";
import { unpackEvents } from "@omoios/adapters/dynamodb/out";
import { createTicket } from "@omoios/contracts/shapes/ticket";
import { withTasks } from "@omoios/domain/tickets/reads";
import { systemContext } from "@omoios/kernel/context";
import { newId } from "@omoios/kernel/ids";
import type { Actor } from "@omoios/kernel/principal";
import { seededRandom } from "@omoios/kernel/random";
import { afterAll, beforeAll, expect, it } from "vitest";
import { tablesAround, withTables } from "../harness/dynamodb.ts";
import { configuration, timedRooms } from "../harness/timed-rooms.ts";

const START = Date.parse("2026-01-05T10:00:00Z");
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

const OPERATOR: Actor = { kind: "operator", id: "key_of_somebody", authority: "SYSTEM" };

class Died extends Error {}

/** A plane to whose batch writes something happens first; the first has the number 0. */
function planeWith(time: { now: number }, before_write: (n: number) => Promise<void>) {
  let writes = 0;
  const under_way: Promise<unknown>[] = [];
  const watched = tablesAround(tables, async (command, send) => {
    if (!(command instanceof BatchWriteCommand)) return send();
    await before_write(writes++);
    const sent = send();
    under_way.push(sent);
    return sent;
  });
  return {
    ...timedRooms(watched, time, random),
    writes: () => writes,
    /** Waits for what the tables were sent beside the write that died: minutes later, when somebody clears up, it has long arrived. */
    arrived: () => Promise.allSettled(under_way),
  };
}

/** A plane whose process dies before the batch write of that number, and is made anew without it. */
const planeDyingAt = (last: number, time: { now: number }) =>
  planeWith(time, async (n) => {
    if (n >= last) throw new Died();
  });

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
  const { rooms: plane, writes, arrived } = planeDyingAt(at, time);
  const { ticket_id } = await plane.tickets.open(context(), createTicket().parse({ title: "Broken off" }));
  const adding = plane.tickets.addTasks(context(), ticket_id, TASKS as never);
  const died = await adding.then(
    () => false,
    (error: unknown) => {
      if (error instanceof Died) return true;
      throw error;
    },
  );
  await arrived();
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
      const { work, arrived } = planeDyingAt(tries, time);
      const done = await work.isDue(due).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Died) return false;
          throw error;
        },
      );
      await arrived();
      if (done) break;
    }
    expect(await leftOf(ticket_id), `died at write ${at}`).toEqual([]);
  }
});

it("the tasks of a batch are made by who asked for them, as part of what they asked for", async () => {
  const time = { now: START };
  const plane = planeWith(time, async () => undefined);
  const asked = { ...plane.context(), correlation_id: "the-call", actor: OPERATOR };
  const { ticket_id } = await plane.rooms.tickets.open(asked, createTicket().parse({ title: "Whose" }));
  await plane.rooms.tickets.addTasks(asked, ticket_id, TASKS as never);
  for (const message of plane.sent) await plane.work.isDue(message);

  const made: ReturnType<typeof unpackEvents>[] = [];
  for await (const { Items = [] } of paginateScan({ client: tables.client }, { TableName: tables.state })) {
    const tasks = Items.filter((item) => item.__edb_e__ === "task" && item.ticket_id === ticket_id);
    made.push(...tasks.map((item) => unpackEvents(item.out)));
  }
  expect(made).toHaveLength(TASKS.length);
  for (const { actor, correlation_id, events } of made) {
    expect({ actor, correlation_id }).toEqual({ actor: OPERATOR, correlation_id: "the-call" });
    expect(events.map(({ type }) => type)).toContain("task.created");
  }
});

it("a batch whose request another try of it has done meanwhile gives way, and the key names what that made", async () => {
  const time = { now: START };
  const context = () => systemContext("test", time.now, random);
  const keys = idempotencyIn(tables, configuration.limits);
  const request = () => ({ id: "the-request", route: "createTasks", body_hash: "of-the-tasks" });
  const add = async (plane: ReturnType<typeof planeWith>, ticket_id: string) => {
    const idempotency = request();
    expect(await keys.begin(idempotency, time.now)).toEqual({ state: "fresh" });
    return plane.rooms.tickets.addTasks({ ...context(), idempotency }, ticket_id, TASKS as never);
  };

  const second = planeWith(time, async () => undefined);
  const { ticket_id } = await second.rooms.tickets.open(context(), createTicket().parse({ title: "Asked twice" }));
  let made: Awaited<ReturnType<typeof add>> = [];
  const first = planeWith(time, async (n) => {
    if (n > 0) return;
    time.now += configuration.limits.idempotency_running_seconds * 1000 + 1;
    made = await add(second, ticket_id);
  });
  await expect(add(first, ticket_id)).rejects.toMatchObject({ code: "conflict.busy" });

  expect(made).toHaveLength(TASKS.length);
  expect(await keys.begin(request(), time.now)).toEqual({ state: "done", made: JSON.stringify(made) });
  const all = await second.rooms.parts.store.all("task_body", { ticket_id });
  const seen = await withTasks(second.rooms.parts, all);
  expect(seen.map(({ task }) => task.task_id)).toEqual(made.map(({ task_id }) => task_id));
});
