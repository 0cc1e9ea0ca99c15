import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { itemOf } from "@omoios/adapters/dynamodb/rows";
import { createTicket } from "@omoios/contracts/shapes/ticket";
import { agentRow } from "@omoios/domain/agents/agent-row.fixture";
import type { TaskRow } from "@omoios/domain/tasks/model";
import { visibleTask } from "@omoios/domain/tasks/reads";
import { ticketOf } from "@omoios/domain/tickets/reads";
import { seededRandom } from "@omoios/kernel/random";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withTables } from "../harness/dynamodb.ts";
import { timedRooms } from "../harness/timed-rooms.ts";

const START = Date.parse("2026-01-05T10:00:00Z");
const MINUTE_MS = 60_000;

let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => ({ tables, stop } = await withTables()));
afterAll(() => stop());

it("a ticket whose workflow is configured no more says so, stands still, and goes on when it is back", async () => {
  const time = { now: START };
  const before = timedRooms(tables, time);
  const open = createTicket().parse({ title: "Stands", start: true });
  const { ticket_id, workflow, phase_id } = await before.rooms.tickets.open(before.context(), open);

  const without = timedRooms(tables, time, seededRandom(31), { workflows: new Map() });
  const { tickets } = without.rooms;
  const ctx = without.context();
  const gone = {
    code: "ticket.workflow_gone",
    detail: expect.stringContaining(workflow),
    extra: { workflow, phase_id },
  };
  await expect(tickets.gate(ctx, ticket_id)).rejects.toMatchObject(gone);
  await expect(tickets.validateGate(ctx, ticket_id)).rejects.toMatchObject(gone);
  const transition = tickets.transition(ctx, ticket_id, { to_phase: "PHASE_DESIGN", reason: "on", force: true });
  await expect(transition).rejects.toMatchObject(gone);
  await expect(tickets.addTasks(ctx, ticket_id, [{ title: "More" }] as never)).rejects.toMatchObject(gone);

  await tickets.enterPhase(ctx, ticket_id);
  await tickets.taskEnded(ctx, ticket_id);
  time.now += 2 * MINUTE_MS;
  await without.work.isDue({ kind: "ticket", id: ticket_id, due_at: time.now });
  const standing = await ticketOf(before.rooms.parts, ticket_id);
  expect(standing).toMatchObject({ phase_id, status: "open", generated_visit: 1 });
  expect(standing.due_at).toBeGreaterThan(time.now + 2 * MINUTE_MS);

  time.now = standing.due_at ?? time.now;
  await before.work.isDue({ kind: "ticket", id: ticket_id, due_at: time.now });
  expect(await ticketOf(before.rooms.parts, ticket_id)).toMatchObject({ generated_visit: standing.visit });
});

it("a result that comes after its ticket was cancelled completes nothing, and is kept", async () => {
  const { rooms, context } = timedRooms(tables, { now: START });
  const { ticket_id } = await rooms.tickets.open(context(), createTicket().parse({ title: "Cancelled" }));
  const [made] = await rooms.tickets.addTasks(context(), ticket_id, [{ title: "Held" }] as never);
  const agent = agentRow();
  const { agent_id } = agent;
  const ready = await visibleTask(rooms.parts, made?.task_id ?? "");
  const { task_id } = ready;
  const held: TaskRow = { ...ready, ready_lane: undefined, status: "running", agent_id, fence: 1, started_at: START };
  await tables.client.send(
    new PutCommand({ TableName: tables.state, Item: itemOf("task", { ...held, lease_expires_at: START + 1 }, START) }),
  );
  await rooms.tickets.cancel(context(), ticket_id, "not needed");
  const late = rooms.holder.complete(context(), agent, task_id, 1, { success: true });
  await expect(late).rejects.toMatchObject({ code: "task.lease_lost", extra: { action: "stop" } });
  expect(await visibleTask(rooms.parts, task_id)).toMatchObject({ status: "running" });
  const attempts = await rooms.parts.store.all("attempt", { task_id });
  expect(attempts).toMatchObject([{ outcome: "orphan", agent_id, fence: 1 }]);
});
