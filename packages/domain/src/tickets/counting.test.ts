import { describe, expect, test } from "vitest";
import { counted } from "./counting.ts";
import type { TicketRow } from "./model.ts";

const ticket = {
  phase_id: "PHASE_B",
  task_count: 7,
  visit_tasks: 2,
  ahead: { PHASE_C: 1 },
  evidence_version: 5,
} as unknown as TicketRow;
const tasks = (...phases: string[]) => phases.map((phase_id) => ({ task: { phase_id } }));

describe("new tasks on their ticket", () => {
  test.each([
    // The gate of this visit waits for tasks of this phase; the others wait for theirs, by phase.
    ["of its phase", ["PHASE_B", "PHASE_B"], { visit_tasks: 4, ahead: { PHASE_C: 1 }, task_count: 9 }],
    ["of a phase ahead", ["PHASE_C"], { visit_tasks: 2, ahead: { PHASE_C: 2 }, task_count: 8 }],
    [
      "of a phase nobody counted yet",
      ["PHASE_A"],
      { visit_tasks: 2, ahead: { PHASE_A: 1, PHASE_C: 1 }, task_count: 8 },
    ],
    ["of both", ["PHASE_B", "PHASE_C"], { visit_tasks: 3, ahead: { PHASE_C: 2 }, task_count: 9 }],
    ["none", [], { visit_tasks: 2, ahead: { PHASE_C: 1 }, task_count: 7 }],
  ])("%s", (_, phases, expected) => {
    expect(counted(ticket, tasks(...phases), false)).toMatchObject(expected);
    // Tasks that have their numbers already, as those of a batch, take no new ones.
    expect(counted(ticket, tasks(...phases), true)).toMatchObject({ ...expected, task_count: 7 });
  });

  test("are evidence: a verdict judged before them cannot move the ticket", () => {
    expect(counted(ticket, tasks("PHASE_B", "PHASE_B"), false).evidence_version).toBe(6);
  });

  test("leave the row that was read as it was", () => {
    counted(ticket, tasks("PHASE_C", "PHASE_B"), false);
    expect(ticket).toMatchObject({ ahead: { PHASE_C: 1 }, visit_tasks: 2, task_count: 7 });
  });
});
