import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { itemOf } from "@omoios/adapters/dynamodb/rows";
import { createTicket } from "@omoios/contracts/shapes/ticket";
import type { RowKind, RowOf } from "@omoios/domain/rows";
import type { AttemptRow } from "@omoios/domain/tasks/model";
import { settleTask } from "@omoios/domain/tasks/settle";
import { contextOf } from "@omoios/domain/tickets/brief";
import { ticketOf } from "@omoios/domain/tickets/reads";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withTables } from "../harness/dynamodb.ts";
import { timedRooms } from "../harness/timed-rooms.ts";

const START = Date.parse("2026-01-05T10:00:00Z");
/** More than a task shows. */
const ATTEMPTS = 120;
/** More than any search from the newest back would look at. */
const LATE_WORDS = 25;

let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => ({ tables, stop } = await withTables()));
afterAll(() => stop());

const put = <K extends RowKind>(kind: K, row: RowOf<K>) =>
  tables.client.send(new PutCommand({ TableName: tables.state, Item: itemOf(kind, row, START) }));

/** A task that its last attempt completed, behind many that were given back, and before many words that came too late. */
async function completedAtLast() {
  const { rooms, context } = timedRooms(tables, { now: START });
  const { parts } = rooms;
  const { ticket_id } = await rooms.tickets.open(context(), createTicket().parse({ title: "Long tried" }));
  const drafts = [
    { ref: "a", title: "Tried" },
    { title: "After it", depends_on: ["a"] },
  ];
  const [made, dependent] = await rooms.tickets.addTasks(context(), ticket_id, drafts as never);
  const before = made && (await parts.store.get("task", made));
  if (before === undefined || dependent === undefined) throw new Error("two tasks were made");
  const { task_id } = before;
  const attempt = (fence: number, given: Partial<AttemptRow>): AttemptRow => ({
    ...{ version: 1, task_id, fence, orphan: "", attempt: fence, ended_at: START, outcome: "released" },
    ...given,
  });
  for (let fence = 1; fence < ATTEMPTS; fence++) await put("attempt", attempt(fence, {}));
  const said = { result: { success: true, output: { summary: "It works" } }, handoff: { remaining: ["the docs"] } };
  await put("attempt", attempt(ATTEMPTS, { outcome: "completed", ...said }));
  for (let n = 1; n <= LATE_WORDS; n++)
    await put("attempt", attempt(ATTEMPTS, { outcome: "orphan", orphan: `late${n}`, handoff: { remaining: ["no"] } }));
  const task = { ...before, status: "completed" as const, fence: ATTEMPTS, attempt: ATTEMPTS, completed_at: START };
  await put("task", task);
  return { rooms, parts, context, ticket_id, task, dependent };
}

test("however many attempts a task had, the one that completed it tells its result, hands over and counts for the ticket", async () => {
  const { rooms, parts, context, ticket_id, task, dependent } = await completedAtLast();
  expect(await rooms.queries.get(task.task_id, START)).toMatchObject({ result: { output: { summary: "It works" } } });

  await settleTask(parts, context(), task);
  const [note] = await parts.store.all("task_note", { task_id: dependent.task_id });
  expect(note).toMatchObject({ from: task.task_id, handoff: { remaining: ["the docs"] } });

  const told = await contextOf(parts, await ticketOf(parts, ticket_id), 1_000);
  expect(told).toMatchObject({ summaries: ["It works"], handoffs: [{ handoff: { remaining: ["the docs"] } }] });
});
