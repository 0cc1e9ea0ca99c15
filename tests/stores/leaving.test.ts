import { PutCommand, paginateScan } from "@aws-sdk/lib-dynamodb";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { itemOf } from "@omoios/adapters/dynamodb/rows";
import { createTicket } from "@omoios/contracts/shapes/ticket";
import { fail } from "@omoios/domain/tasks/lifecycle";
import type { TaskRow } from "@omoios/domain/tasks/model";
import { visibleTask } from "@omoios/domain/tasks/reads";
import { commitDecided } from "@omoios/domain/tasks/write";
import { ticketOf } from "@omoios/domain/tickets/reads";
import type { TicketId } from "@omoios/kernel/ids";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withTables } from "../harness/dynamodb.ts";
import { configuration, timedRooms } from "../harness/timed-rooms.ts";

const START = Date.parse("2026-01-05T10:00:00Z");
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const { limits } = configuration;
const KEPT_MS = limits.retention_days.tasks * DAY_MS;

let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => ({ tables, stop } = await withTables()));
afterAll(() => stop());

/** A plane at a time that goes on as it is told, and what its tests do there. */
function planeAt(now: number) {
  const time = { now };
  const { rooms, work, context } = timedRooms(tables, time);
  const { parts } = rooms;

  /** A task's end, with all that follows from it. */
  const settle = async (task_id: string): Promise<void> => {
    const { due_at } = await visibleTask(parts, task_id);
    time.now = Math.max(time.now, due_at ?? time.now);
    await work.isDue({ kind: "task", id: task_id, due_at: time.now });
  };
  return {
    time,
    rooms,
    context,
    settle,
    ticket: (title: string) => rooms.tickets.open(context(), createTicket().parse({ title })),
    async tasks(ticket_id: TicketId, specs: object[]): Promise<string[]> {
      const drafts = specs.map((spec) => ({ title: "A task", ...spec }));
      return (await rooms.tickets.addTasks(context(), ticket_id, drafts as never)).map(({ task_id }) => task_id);
    },
    /** The task fails for good, and what follows from that is done. */
    async failed(task_id: string): Promise<void> {
      const ready = await visibleTask(parts, task_id);
      const running: TaskRow = { ...ready, status: "running", fence: 1, attempt: 1, started_at: time.now };
      await tables.client.send(
        new PutCommand({ TableName: tables.state, Item: itemOf("task", { ...running, version: 9 }, time.now) }),
      );
      const before = await visibleTask(parts, task_id);
      await commitDecided(
        parts,
        context(),
        before,
        fail(before, { kind: "permanent", message: "no" }, context(), limits),
      );
      await settle(task_id);
    },
    /** The moment comes that the ticket waits for. */
    async ticketIsDue(ticket_id: TicketId): Promise<void> {
      time.now += 2 * MINUTE_MS;
      await work.isDue({ kind: "ticket", id: ticket_id, due_at: time.now });
    },
  };
}

/** Everything of the ticket in the table, by its key: what kind it is, its version, and when it leaves. */
async function rowsOf(ticket_id: string, task_ids: readonly string[]) {
  const ids = [ticket_id, ...task_ids];
  const found = new Map<string, { kind: string; version: unknown; ttl: unknown }>();
  for await (const { Items = [] } of paginateScan({ client: tables.client }, { TableName: tables.state })) {
    for (const { pk, sk, __edb_e__: kind, version, ttl, task_id } of Items)
      if (ids.some((id) => String(pk).endsWith(id)) || (kind === "dead_letter" && ids.includes(task_id)))
        found.set(`${pk}|${sk}`, { kind, version, ttl });
  }
  return found;
}

it("an ended ticket leaves with all that lies with it and with its tasks, and is written once for that", async () => {
  const plane = planeAt(START);
  const { rooms, context, time } = plane;
  const { ticket_id } = await plane.ticket("Ends");
  await rooms.tickets.updateContext(context(), ticket_id, { notes: ["Mind the gap"] });
  for (const content of ["first", "second"])
    await rooms.tickets.artifacts(context(), ticket_id, [{ type: "plan", content }]);
  const task_ids = await plane.tasks(ticket_id, [{ ref: "a" }, { depends_on: ["a"] }, {}]);
  const [lost = "", behind = "", asked = ""] = task_ids;
  await plane.failed(lost);
  const waiting = await visibleTask(rooms.parts, asked);
  const noted = { ...waiting, status: "waiting" as const, fence: 1, version: 9 };
  await tables.client.send(
    new PutCommand({ TableName: tables.state, Item: itemOf("task", { ...noted, ready_lane: undefined }, time.now) }),
  );
  await rooms.operator.resume(context(), asked, "Yes");

  const cancelled = await rooms.tickets.cancel(context(), ticket_id, "not needed");
  await plane.ticketIsDue(ticket_id);
  const all = (await rooms.parts.store.all("task_body", { ticket_id })).map(({ task_id }) => task_id);
  for (const task_id of all) await plane.settle(task_id);

  const left = await rowsOf(ticket_id, all);
  const kinds = ["artifact", "artifact_revision", "attempt", "brief", "dead_letter", "edge", "task", "task_body"];
  expect([...new Set([...left.values()].map(({ kind }) => kind))].sort()).toEqual([
    ...kinds,
    ...["task_note", "ticket", "ticket_body", "ticket_note", "visit"],
  ]);
  const leaves = ((cancelled.completed_at ?? 0) + KEPT_MS) / 1000;
  const others = [...left].filter(([, { kind, ttl }]) => kind !== "attempt" && ttl !== leaves);
  expect(others).toEqual([]);

  await plane.ticketIsDue(ticket_id);
  await rooms.tickets.enterPhase(context(), ticket_id);
  expect(await rowsOf(ticket_id, all)).toEqual(left);

  time.now = leaves * 1000;
  await expect(ticketOf(rooms.parts, ticket_id)).rejects.toMatchObject({ code: "ticket.not_found" });
  for (const task_id of [lost, behind, asked])
    await expect(visibleTask(rooms.parts, task_id)).rejects.toMatchObject({ code: "task.not_found" });
});

it("in an open ticket a failed task stays, and its ticket says what waits for it, however long ago it failed", async () => {
  const plane = planeAt(START);
  const { ticket_id } = await plane.ticket("Stays open");
  const [lost = "", behind = ""] = await plane.tasks(ticket_id, [{ ref: "a" }, { depends_on: ["a"] }]);
  await plane.failed(lost);
  plane.time.now += KEPT_MS + DAY_MS;
  await plane.ticketIsDue(ticket_id);
  expect(await ticketOf(plane.rooms.parts, ticket_id)).toMatchObject({ is_blocked: true, blocked_by: [lost] });
  const view = await plane.rooms.queries.get(behind, plane.time.now);
  expect(view).toMatchObject({ status: "pending", blocked_by: [lost] });
  await plane.rooms.operator.retry(plane.context(), lost, "by hand");
  expect(await visibleTask(plane.rooms.parts, lost)).toMatchObject({ status: "ready" });
});

it("a task that waits for one which left with its ticket keeps its own ticket blocked by that one's name", async () => {
  const plane = planeAt(START);
  const [{ ticket_id: other }, { ticket_id }] = [await plane.ticket("Goes"), await plane.ticket("Waits")];
  const [lost = ""] = await plane.tasks(other, [{}]);
  const [behind = ""] = await plane.tasks(ticket_id, [{ depends_on: [lost] }]);
  await plane.rooms.tickets.cancel(plane.context(), other, "not needed");
  await plane.ticketIsDue(other);
  await plane.settle(lost);
  plane.time.now += KEPT_MS + DAY_MS;
  await expect(visibleTask(plane.rooms.parts, lost)).rejects.toMatchObject({ code: "task.not_found" });
  await plane.ticketIsDue(ticket_id);
  expect(await ticketOf(plane.rooms.parts, ticket_id)).toMatchObject({ is_blocked: true, blocked_by: [lost] });
  expect(await plane.rooms.queries.get(behind, plane.time.now)).toMatchObject({ blocked_by: [lost] });
  await plane.rooms.operator.cancel(plane.context(), behind, "in vain");
  await plane.ticketIsDue(ticket_id);
  expect(await ticketOf(plane.rooms.parts, ticket_id)).toMatchObject({ is_blocked: false });
});
