import type { Tables } from "@omoios/adapters/dynamodb/client";
import { createTicket } from "@omoios/contracts/shapes/ticket";
import { event } from "@omoios/domain/event.fixture";
import { visibleTask } from "@omoios/domain/tasks/reads";
import { ticketOf } from "@omoios/domain/tickets/reads";
import { remediationOf } from "@omoios/domain/tickets/remediation";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withTables } from "../harness/dynamodb.ts";
import { configuration, timedRooms } from "../harness/timed-rooms.ts";

const MINUTE_MS = 60_000;

let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => ({ tables, stop } = await withTables()));
afterAll(() => stop());

/** A ticket at work whose task waits for a ready one of another ticket. */
async function waitingTicket() {
  const time = { now: Date.parse("2026-01-05T10:00:00Z") };
  const { rooms, work, context } = timedRooms(tables, time);
  const open = (title: string, start: boolean) => rooms.tickets.open(context(), createTicket().parse({ title, start }));
  const other = await open("Elsewhere", false);
  const [awaited] = await rooms.tickets.addTasks(context(), other.ticket_id, [{ title: "Awaited" }] as never);
  const { ticket_id } = await open("Waits", true);
  const depends_on = [awaited?.task_id];
  await rooms.tickets.addTasks(context(), ticket_id, [{ title: "Waiting", depends_on }] as never);
  return {
    rooms,
    work,
    context,
    ticket_id,
    awaited: awaited?.task_id ?? "",
    /** So much later the moment comes that the ticket waited for. */
    async later(ms: number) {
      time.now += ms;
      await work.isDue({ kind: "ticket", id: ticket_id, due_at: time.now });
      return ticketOf(rooms.parts, ticket_id);
    },
    async remediations(): Promise<number> {
      const bodies = await rooms.parts.store.all("task_body", { ticket_id });
      return bodies.filter(({ task_type }) => task_type === "remediation").length;
    },
  };
}

const STALLED_MS = configuration.limits.blocked_after_seconds * 1000 + 2 * MINUTE_MS;

it("a ticket that stalls behind another ticket's task stays blocked while that is open", async () => {
  const { rooms, context, awaited, later, remediations } = await waitingTicket();
  await later(MINUTE_MS);
  const blocked = await later(STALLED_MS);
  expect(blocked).toMatchObject({ is_blocked: true, blocked_class: "dependency", blocked_by: [awaited] });
  for (let looks = 0; looks < 3; looks++) {
    const { is_blocked, blocked_at } = await later(MINUTE_MS);
    expect({ is_blocked, blocked_at }).toEqual({ is_blocked: true, blocked_at: blocked.blocked_at });
  }
  expect(await remediations()).toBe(1);

  await rooms.operator.cancel(context(), awaited, "not needed");
  expect(await later(MINUTE_MS)).toMatchObject({ is_blocked: true, blocked_by: [awaited] });
});

it("a ticket whose dependency of another ticket was cancelled is let go when that is retried", async () => {
  const { rooms, work, context, ticket_id, awaited, later } = await waitingTicket();
  const task = await rooms.operator.cancel(context(), awaited, "by mistake");
  const subject = { kind: "task", id: awaited } as const;
  await work.settleTask(event("task.cancelled", { task_id: task.task_id }, { subject }));
  const blocked = { is_blocked: true, blocked_class: "dependency", blocked_by: [awaited] };
  expect(await later(MINUTE_MS)).toMatchObject(blocked);
  await rooms.operator.retry(context(), awaited, "by hand");
  await work.settleTask(event("task.retry_scheduled", { explicit: true }, { subject }));
  expect(await ticketOf(rooms.parts, ticket_id)).toMatchObject({ is_blocked: false });
});

it("a block's reason names what holds it now", async () => {
  const { rooms, work, context, ticket_id, awaited, later } = await waitingTicket();
  const [waiting] = await rooms.parts.store.all("task_body", { ticket_id });
  const body = { title: "Waits for both", depends_on: [waiting?.task_id] };
  await rooms.tickets.addTasks(context(), ticket_id, [body] as never);
  const ended = async (task_id: string) => {
    await rooms.operator.cancel(context(), task_id, "by mistake");
    const subject = { kind: "task", id: task_id } as const;
    await work.settleTask(event("task.cancelled", { task_id }, { subject }));
    return ticketOf(rooms.parts, ticket_id);
  };
  const own = waiting?.task_id ?? "";
  expect(await ended(awaited)).toMatchObject({ blocked_reason: expect.stringContaining(awaited) });
  expect(await ended(own)).toMatchObject({ blocked_reason: expect.stringContaining(own) });
  await rooms.operator.retry(context(), own, "by hand");
  const blocked = await later(MINUTE_MS);
  expect(blocked).toMatchObject({ blocked_by: [awaited], blocked_reason: expect.stringContaining(awaited) });
  expect(blocked.blocked_reason).not.toContain(own);
});

it("an operator's block stands until they take it back, whatever becomes of dependencies", async () => {
  const { rooms, context, ticket_id, awaited, later, remediations } = await waitingTicket();
  await later(MINUTE_MS);
  const reason = "Legal must sign first";
  const blocked = await rooms.tickets.block(context(), ticket_id, reason);
  expect(blocked).toMatchObject({ is_blocked: true, blocked_reason: reason, blocked_class: "dependency" });
  expect(await remediations()).toBe(1);
  expect(await later(2 * MINUTE_MS)).toMatchObject({ is_blocked: true, blocked_reason: reason });

  await rooms.operator.cancel(context(), awaited, "by mistake");
  expect(await later(MINUTE_MS)).toMatchObject({ is_blocked: true, blocked_reason: reason, blocked_by: [awaited] });
  await rooms.operator.retry(context(), awaited, "by hand");
  expect(await later(MINUTE_MS)).toMatchObject({ is_blocked: true, blocked_reason: reason });

  const free = await rooms.tickets.unblock(context(), ticket_id, "by hand");
  expect(free).toMatchObject({ is_blocked: false });
  expect(Object.entries(free).filter(([name, value]) => name.startsWith("blocked_") && value !== undefined)).toEqual(
    [],
  );
  expect(await remediations()).toBe(1);
});

it("a blocked ticket that is cancelled is not blocked any more, and says so of reason, class and time", async () => {
  const { rooms, context, ticket_id } = await waitingTicket();
  await rooms.tickets.block(context(), ticket_id, "Legal must sign first");
  await rooms.tickets.cancel(context(), ticket_id, "given up");
  const { is_blocked, blocked_reason, blocked_class, blocked_at } = await ticketOf(rooms.parts, ticket_id);
  expect({ is_blocked, blocked_reason, blocked_class, blocked_at }).toEqual({ is_blocked: false });
});

it("what was to be done about a block ends with it, unless an agent works on it", async () => {
  const { rooms, work, context, ticket_id, later } = await waitingTicket();
  await later(MINUTE_MS);
  const remediation = async () => {
    const { blocks } = await ticketOf(rooms.parts, ticket_id);
    return visibleTask(rooms.parts, remediationOf({ ticket_id, blocks }));
  };
  const unblock = async () => {
    await rooms.tickets.unblock(context(), ticket_id, "Legal has signed");
    const subject = { kind: "ticket", id: ticket_id } as const;
    await work.advanceTicket(event("ticket.unblocked", {}, { subject }));
  };
  await rooms.tickets.block(context(), ticket_id, "Legal must sign first");
  expect(await remediation()).toMatchObject({ status: "ready" });
  await unblock();
  expect(await remediation()).toMatchObject({ status: "cancelled" });
  const bodies = await rooms.parts.store.all("task_body", { ticket_id });
  expect(bodies.find(({ task_type }) => task_type === "remediation")).toMatchObject({ cancel_reason: "block_over" });

  await rooms.tickets.block(context(), ticket_id, "Legal once more");
  const ready = await remediation();
  const running = { ...ready, ready_lane: undefined, status: "running" as const };
  await rooms.parts.commit(context(), [{ kind: "task", before: ready, after: running }]);
  await unblock();
  expect(await remediation()).toMatchObject({ status: "running" });

  // Handed back, it is ended when its ticket is looked at next.
  const { lane } = ready;
  await rooms.parts.commit(context(), [
    { kind: "task", before: await remediation(), after: { ...ready, ready_lane: `${lane}#0` } },
  ]);
  await later(STALLED_MS);
  expect(await remediation()).toMatchObject({ status: "cancelled" });
});
