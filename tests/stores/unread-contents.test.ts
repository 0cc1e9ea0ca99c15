import type { Tables } from "@omoios/adapters/dynamodb/client";
import { storeOn } from "@omoios/adapters/dynamodb/store";
import { createTicket } from "@omoios/contracts/shapes/ticket";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { tablesAround, withTables } from "../harness/dynamodb.ts";
import { timedRooms } from "../harness/timed-rooms.ts";

const time = { now: Date.parse("2026-01-05T10:00:00Z") };

let tables: Tables;
let stop: () => Promise<void>;
/** Contents of artifacts that came out of the table. */
let contents: unknown[];
let plane: ReturnType<typeof timedRooms>;
beforeAll(async () => {
  ({ tables, stop } = await withTables());
  const watched = tablesAround(tables, async (_command, send) => {
    const answer = (await send()) as { Items?: { content?: unknown }[] };
    contents.push(...(answer.Items ?? []).flatMap(({ content }) => content ?? []));
    return answer;
  });
  plane = timedRooms(watched, time);
});
beforeEach(() => {
  contents = [];
});
afterAll(() => stop());

const REQUIREMENTS = ["PHASE_REQUIREMENTS"];
const DESIGN = [...REQUIREMENTS, "PHASE_DESIGN"];

/** A ticket that went through these phases, with a document handed in in the last. */
async function ticketWith(phases: readonly string[], type: string, content: string) {
  const { rooms, context } = plane;
  const { ticket_id } = await rooms.tickets.open(context(), createTicket().parse({ title: "Read little" }));
  for (const to_phase of phases)
    await rooms.tickets.transition(context(), ticket_id, { to_phase, reason: "It is ready", force: true });
  await rooms.tickets.artifacts(context(), ticket_id, [{ type, path: "doc.md", content }]);
  contents = [];
  return ticket_id;
}

test("neither a ticket's context nor a gate that measures nothing reads what its artifacts hold", async () => {
  const { rooms, context } = plane;
  const ticket_id = await ticketWith(DESIGN, "design_document", "# Design");
  expect((await rooms.tickets.context(ticket_id)).artifacts).toEqual([
    { type: "design_document", path: "doc.md", url: null },
  ]);
  const { blocking_reasons } = await rooms.tickets.gate(context(), ticket_id);
  expect(blocking_reasons.map(({ criterion }) => criterion)).toEqual(["tasks"]);
  expect(contents).toEqual([]);
});

test("a gate that measures contents reads them", async () => {
  const { rooms, context } = plane;
  const content = `# Scope\n${"all of it ".repeat(60)}\n# Acceptance criteria\n- it works`;
  const ticket_id = await ticketWith(REQUIREMENTS, "requirements_document", content);
  const { blocking_reasons } = await rooms.tickets.gate(context(), ticket_id);
  expect(blocking_reasons.map(({ criterion }) => criterion)).toEqual(["tasks"]);
  expect(contents).toEqual([content]);
});

test("what is left out is all that is left out", async () => {
  const ticket_id = await ticketWith(DESIGN, "design_document", "# Design");
  const store = storeOn(tables, { now: () => time.now });
  const [whole] = await store.all("artifact", { ticket_id });
  const { content, ...rest } = whole ?? {};
  expect(content).toBe("# Design");
  expect(await store.all("artifact", { ticket_id }, { without: ["content"] })).toEqual([rest]);
});
