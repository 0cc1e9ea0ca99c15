import type { Tables } from "@omoios/adapters/dynamodb/client";
import { createTicket } from "@omoios/contracts/shapes/ticket";
import { displacedTickets } from "@omoios/domain/tickets/displaced";
import type { Workflow } from "@omoios/domain/tickets/workflow";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withTables } from "../harness/dynamodb.ts";
import { configuration, timedRooms } from "../harness/timed-rooms.ts";

let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => ({ tables, stop } = await withTables()));
afterAll(() => stop());

it("open tickets are counted by the workflow or the phase that is gone, over pages; ended ones stand nowhere", async () => {
  const shipped = configuration.workflows.get("software_development") as Workflow;
  const workflows = new Map([...configuration.workflows, ["own", { ...shipped, id: "own" }]]);
  const { rooms, context } = timedRooms(tables, { now: Date.parse("2026-01-05T10:00:00Z") }, undefined, { workflows });
  const { parts, tickets } = rooms;
  const open = (given: object) => tickets.open(context(), createTicket().parse({ title: "A ticket", ...given }));
  for (let n = 0; n < 101; n += 1) await open({ workflow: "own" });
  const ended = await open({ workflow: "own" });
  await tickets.cancel(context(), ended.ticket_id, "not needed");
  await open({});
  const { ticket_id } = await open({});
  await tickets.transition(context(), ticket_id, { to_phase: "PHASE_REQUIREMENTS", reason: "begin", force: true });
  expect(await displacedTickets(parts)).toEqual({ displaced: [], more: false });

  const phases = shipped.phases.filter(({ id }) => id !== "PHASE_REQUIREMENTS");
  const left = new Map([[shipped.id, { ...shipped, phases }]]);
  const { displaced, more } = await displacedTickets({ ...parts, workflows: left });
  expect(more).toBe(false);
  expect(displaced.toSorted((a, b) => b.tickets - a.tickets)).toEqual([
    { workflow: "own", tickets: 101 },
    { workflow: shipped.id, phase_id: "PHASE_REQUIREMENTS", tickets: 1 },
  ]);
});
