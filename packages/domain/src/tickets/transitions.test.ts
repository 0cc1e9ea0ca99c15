import { describe, expect, test } from "vitest";
import { allowedTargets, checkTransition, isWorking, movesByItself, nextPhase, phaseOf } from "./transitions.ts";
import { type Phase, type Workflow, workflow } from "./workflow.ts";

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
  phases: [
    phase("A", 0, ["B"]),
    phase("B", 1, ["D", "C", "A"], { gate: {} }),
    phase("C", 2, ["D", "B"], { gate: {}, skippable: true }),
    phase("D", 3, ["E", "B"], { gate: {}, skippable: true }),
    phase("E", 4, [], { terminal: true }),
  ],
});
const get = (name: string): Phase => {
  const found = phaseOf(flow, `PHASE_${name}`);
  if (!found) throw new Error(`no phase ${name}`);
  return found;
};
const letters = (phases: readonly { id: string }[]) => phases.map(({ id }) => id.replace("PHASE_", "")).join("");

test.each([
  ["A", "B"],
  // Behind skippable C and D lies E; back to B leads only what B itself allows.
  ["B", "ACDE"],
  ["C", "BDE"],
  ["D", "BE"],
  ["E", ""],
])("from %s a ticket may go to %s", (from, targets) => {
  expect(letters(allowedTargets(flow, get(from)))).toBe(targets);
});

describe("a passed gate leads to the allowed phase next in order", () => {
  test.each([
    ["A", "", "B"],
    ["B", "", "C"],
    ["C", "", "D"],
    ["D", "", "E"],
    ["E", "", undefined],
    // A skippable phase that makes no task is passed over; others are entered even so.
    ["B", "C", "D"],
    ["B", "CD", "E"],
    ["A", "B", "B"],
  ])("from %s, where %j make no tasks, to %s", (from, empty, to) => {
    const next = nextPhase(flow, get(from), ({ id }) => !empty.includes(id.replace("PHASE_", "")));
    expect(next?.id).toBe(to && `PHASE_${to}`);
  });
});

test.each([
  ["A", "B", "forward", ["PHASE_B"]],
  ["B", "D", "forward", ["PHASE_A", "PHASE_C", "PHASE_D", "PHASE_E"]],
  ["C", "B", "backward", ["PHASE_B", "PHASE_D", "PHASE_E"]],
])("%s to %s is %s", (from, to, direction, allowed_targets) => {
  const check = checkTransition(flow, get(from), `PHASE_${to}`);
  expect(check).toEqual({ allowed: true, to: get(`${to}`), direction, allowed_targets });
});

test.each([
  ["A", "PHASE_C", false, "PHASE_A does not lead to PHASE_C.", ["PHASE_B"]],
  ["A", "PHASE_A", false, "The ticket stands in PHASE_A already.", ["PHASE_B"]],
  ["E", "PHASE_A", false, "PHASE_E is the end: nothing leads out of it.", []],
  ["A", "PHASE_X", true, "The workflow flow has no phase PHASE_X.", ["PHASE_B"]],
])("%s to %s is refused", (from, to, unknown, why, allowed_targets) => {
  expect(checkTransition(flow, get(from), to)).toEqual({ allowed: false, unknown, why, allowed_targets });
});

test("agents work where there is a gate or a template, and nowhere else", () => {
  expect(letters(flow.phases.filter(isWorking))).toBe("BCD");
  expect(letters(flow.phases.filter(movesByItself))).toBe("BCD");
});
