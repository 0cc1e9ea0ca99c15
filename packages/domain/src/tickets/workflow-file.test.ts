import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { allowedTargets, initialPhase, nextPhase, phaseOf } from "./transitions.ts";
import type { Workflow } from "./workflow.ts";
import { readWorkflow, writeWorkflow } from "./workflow-file.ts";

const shipped = readFileSync(
  new URL("../../../../config/workflows/software_development.yaml", import.meta.url),
  "utf8",
);
const read = (text: string): Workflow => {
  const result = readWorkflow(text, "flow.yaml");
  if (!result.ok) throw new Error(result.faults.join("\n"));
  return result.value;
};
describe("the shipped workflow", () => {
  const workflow = read(shipped);

  test.each([
    ["PHASE_BACKLOG", "backlog", ["PHASE_REQUIREMENTS"], undefined, []],
    ["PHASE_REQUIREMENTS", "analyzing", ["PHASE_DESIGN"], ["requirements_document"], ["analysis"]],
    ["PHASE_DESIGN", "analyzing", ["PHASE_REQUIREMENTS", "PHASE_IMPLEMENTATION"], ["design_document"], ["design"]],
    [
      "PHASE_IMPLEMENTATION",
      "building",
      ["PHASE_DESIGN", "PHASE_BUILDING_DONE"],
      ["code_changes", "test_coverage"],
      ["code"],
    ],
    [
      "PHASE_BUILDING_DONE",
      "building-done",
      ["PHASE_IMPLEMENTATION", "PHASE_TESTING"],
      ["packaging_bundle", "handoff_documentation"],
      ["packaging"],
    ],
    [
      "PHASE_TESTING",
      "testing",
      ["PHASE_IMPLEMENTATION", "PHASE_DEPLOYMENT"],
      ["test_results", "test_evidence"],
      ["testing"],
    ],
    ["PHASE_DEPLOYMENT", "deploying", ["PHASE_IMPLEMENTATION", "PHASE_DONE"], ["deployment_evidence"], ["deployment"]],
    ["PHASE_DONE", "done", [], undefined, []],
  ])("%s", (id, column, targets, artifacts, capabilities) => {
    const phase = phaseOf(workflow, id);
    expect(phase?.column).toBe(column);
    expect(phase && allowedTargets(workflow, phase).map((target) => target.id)).toEqual(targets);
    expect(phase?.gate?.artifacts).toEqual(artifacts);
    expect(phase?.task_templates.flatMap((template) => template.required_capabilities)).toEqual(capabilities);
    expect(phase?.terminal).toBe(id === "PHASE_DONE");
  });

  test("passed gates lead from the backlog to done, phase by phase", () => {
    const way = [initialPhase(workflow)];
    for (let next = nextPhase(workflow, initialPhase(workflow)); next; next = nextPhase(workflow, next)) way.push(next);
    expect(way.map(({ id }) => id)).toEqual(workflow.phases.map(({ id }) => id));
  });

  test("its columns carry the limits of the board", () => {
    expect(workflow.columns.map(({ id, wip_limit }) => [id, wip_limit])).toEqual([
      ["backlog", undefined],
      ["analyzing", 5],
      ["building", 10],
      ["building-done", undefined],
      ["testing", 8],
      ["deploying", 3],
      ["done", undefined],
    ]);
  });

  test("goes to the store and back without loss: same value, same text", () => {
    const stored = JSON.parse(JSON.stringify(workflow)) as Workflow;
    expect(writeWorkflow(stored, shipped)).toBe(shipped);
    expect(read(writeWorkflow(stored))).toEqual(workflow);
  });

  test("a change in the store changes its own place in the text only", () => {
    const stored = structuredClone(workflow);
    const criterion = stored.phases[3]?.gate?.criteria[1];
    if (criterion) criterion.at_least = 85;
    const text = writeWorkflow(stored, shipped);
    expect(text).toBe(shipped.replace("at_least: 80,", "at_least: 85,"));
    expect(read(text)).toEqual(stored);
  });
});
