import { describe, expect, test } from "vitest";
import { contextAt, MINUTE, NOW } from "../../../../tests/harness/task-row.ts";
import type { TicketRow } from "./model.ts";
import { moveTo } from "./move.ts";
import { phaseOf } from "./transitions.ts";
import { type Workflow, workflow } from "./workflow.ts";

const phase = (name: string, order: number, to: string[], more: object = {}) => ({
  id: `PHASE_${name}`,
  name,
  order,
  column: "all",
  execution_mode: "implementation",
  allowed_transitions: to.map((target) => `PHASE_${target}`),
  ...more,
});
const flow: Workflow = workflow.parse({
  id: "flow",
  name: "Flow",
  columns: [{ id: "all", name: "All" }],
  phases: [phase("A", 0, ["B"]), phase("B", 1, ["A", "C"], { gate: {} }), phase("C", 2, [], { terminal: true })],
});
const ticket = {
  ticket_id: "ticket_1",
  status: "open",
  phase_id: "PHASE_B",
  visit: 3,
  phase_entered_at: NOW - MINUTE,
  visit_tasks: 9,
  ahead: { PHASE_A: 2, PHASE_C: 1 },
  verdict: "passed",
  is_blocked: true,
  blocked_class: "dependency",
  blocked_reason: "waits",
  blocked_at: NOW - 5,
  blocked_by: ["task_1"],
} as unknown as TicketRow;
const why = { why: "gate passed", who: "system", forced: false, evidence: ["artifact_1#2"] };
const move = (to: string, from: Partial<TicketRow> = {}) => {
  const target = phaseOf(flow, `PHASE_${to}`);
  if (target === undefined) throw new Error(`no phase ${to}`);
  return moveTo({ ...ticket, ...from }, flow, target, why, contextAt());
};

describe("a ticket enters a phase", () => {
  test("as a new visit, with the tasks that were made ahead for it, and no verdict yet", () => {
    const { after } = move("A");
    expect(after).toMatchObject({
      phase_id: "PHASE_A",
      visit: 4,
      phase_entered_at: NOW,
      visit_tasks: 2,
      ahead: { PHASE_C: 1 },
      verdict: undefined,
      status: "open",
    });
    // The phase's tasks are made by the event, and within a minute by the sweep.
    expect(after.due_at).toBe(NOW + MINUTE);
  });

  test("which its history keeps, with why, by whom and how long the phase before took", () => {
    expect(move("A").more).toEqual([
      {
        kind: "visit",
        after: {
          version: 0,
          ticket_id: "ticket_1",
          visit: 4,
          from: "PHASE_B",
          to: "PHASE_A",
          ...why,
          backward: true,
          at: NOW,
          time_spent_seconds: 60,
        },
      },
    ]);
  });

  test.each([
    ["A", "B", false],
    ["B", "A", true],
    ["B", "C", false],
    // A phase that the workflow no longer has is behind nothing.
    ["GONE", "A", false],
  ])("from %s to %s backward: %s", (from, to, backward) => {
    const { events } = move(to, { phase_id: `PHASE_${from}` });
    expect(events[0]).toEqual({
      type: "ticket.phase_changed",
      data: { from: `PHASE_${from}`, to: `PHASE_${to}`, forced: false, backward, why: "gate passed" },
      fits: "why",
    });
  });

  test("that is not the end, and stays blocked where it was", () => {
    const { after, events } = move("A");
    expect(after).toMatchObject({ is_blocked: true, blocked_class: "dependency", blocked_by: ["task_1"] });
    expect(events).toHaveLength(1);
    expect(after.completed_at).toBeUndefined();
  });

  test("that is the end: the ticket is done, and nothing blocks it any more", () => {
    const { after, events } = move("C");
    expect(after).toMatchObject({ status: "done", completed_at: NOW, is_blocked: false });
    for (const name of ["blocked_class", "blocked_reason", "blocked_at", "blocked_by"] as const)
      expect(after[name]).toBeUndefined();
    expect(events.map(({ type }) => type)).toEqual(["ticket.phase_changed", "ticket.unblocked", "ticket.completed"]);
  });
});
