import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Evidence } from "./criterion.ts";
import { gate, judgeGate, type VisitTasks } from "./gate.ts";
import { phaseOf } from "./transitions.ts";
import { readWorkflow } from "./workflow-file.ts";

const file = new URL("../../../../config/workflows/software_development.yaml", import.meta.url);
const shipped = readWorkflow(readFileSync(file, "utf8"), "software_development.yaml");
const gateOf = (id: string) => (shipped.ok ? phaseOf(shipped.value, id)?.gate : undefined);

const DONE: VisitTasks = { total: 2, completed: 2, failed: 0 };
const artifact = (type: string, metadata: Record<string, unknown> = {}, content: string | null = null): Evidence => ({
  type,
  metadata,
  content,
});
const document = (length: number, headings: string) => {
  const text = `${headings}\n\n`;
  return text + "x".repeat(length - text.length);
};
const code = (has_tests: unknown = true) => artifact("code_changes", { has_tests });
const coverage = (coverage_percent: unknown) => artifact("test_coverage", { coverage_percent });
const evidence = (...kinds: unknown[]) => artifact("test_evidence", { kinds });
const passed = artifact("test_results", { all_passed: true });

const SECTIONS = "# Scope\n\n# Acceptance criteria";

describe("verdicts of the shipped gates", () => {
  test.each<[string, string, Evidence[], string, number]>([
    // Coverage: the bound is met by the bound itself, and by numbers only.
    ["coverage just below", "PHASE_IMPLEMENTATION", [code(), coverage(79.9)], "failed", 1],
    ["coverage at the bound", "PHASE_IMPLEMENTATION", [code(), coverage(80)], "passed", 0],
    ["full coverage", "PHASE_IMPLEMENTATION", [code(), coverage(100)], "passed", 0],
    ["no possible coverage", "PHASE_IMPLEMENTATION", [code(), coverage(101)], "failed", 1],
    ["coverage as a text", "PHASE_IMPLEMENTATION", [code(), coverage("95")], "failed", 1],
    ["coverage that is no number", "PHASE_IMPLEMENTATION", [code(), coverage(Number.NaN)], "failed", 1],
    ["coverage that is nothing", "PHASE_IMPLEMENTATION", [code(), coverage(null)], "failed", 1],
    ["coverage in a list", "PHASE_IMPLEMENTATION", [code(), coverage([95])], "failed", 1],
    ["coverage not given", "PHASE_IMPLEMENTATION", [code(), artifact("test_coverage")], "failed", 1],
    // Booleans: the word "true" does not count.
    ["the word true", "PHASE_IMPLEMENTATION", [code("true"), coverage(90)], "failed", 1],
    ["the number 1", "PHASE_IMPLEMENTATION", [code(1), coverage(90)], "failed", 1],
    ["no tests", "PHASE_IMPLEMENTATION", [code(false), coverage(90)], "failed", 1],
    // The newest artifact of a type is judged.
    ["worse again", "PHASE_IMPLEMENTATION", [code(), coverage(95), coverage(60)], "failed", 1],
    ["better now", "PHASE_IMPLEMENTATION", [coverage(60), code(), coverage(95)], "passed", 0],
    // Missing artifacts come before failed criteria, and all reasons are named together.
    ["an artifact missing", "PHASE_IMPLEMENTATION", [code()], "blocked", 1],
    ["one missing, one false", "PHASE_IMPLEMENTATION", [code(false)], "blocked", 2],
    ["all missing", "PHASE_IMPLEMENTATION", [], "blocked", 2],
    ["artifacts of other types", "PHASE_IMPLEMENTATION", [artifact("notes"), passed], "blocked", 2],
    // Documents are measured.
    [
      "a document too short",
      "PHASE_REQUIREMENTS",
      [artifact("requirements_document", {}, document(499, SECTIONS))],
      "failed",
      1,
    ],
    [
      "a document long enough",
      "PHASE_REQUIREMENTS",
      [artifact("requirements_document", {}, document(500, SECTIONS))],
      "passed",
      0,
    ],
    [
      "blanks do not count",
      "PHASE_REQUIREMENTS",
      [artifact("requirements_document", {}, document(499, SECTIONS) + " ".repeat(99))],
      "failed",
      1,
    ],
    [
      "a section missing",
      "PHASE_REQUIREMENTS",
      [artifact("requirements_document", {}, document(600, "# Scope"))],
      "failed",
      1,
    ],
    [
      "headings only in code",
      "PHASE_REQUIREMENTS",
      [artifact("requirements_document", {}, `\`\`\`\n${document(600, SECTIONS)}\n\`\`\``)],
      "failed",
      1,
    ],
    [
      "claims instead of content",
      "PHASE_REQUIREMENTS",
      [artifact("requirements_document", { characters: 900, sections: ["scope", "acceptance_criteria"] })],
      "failed",
      2,
    ],
    // Of test evidence, all of the visit counts together.
    [
      "evidence apart",
      "PHASE_TESTING",
      [passed, evidence("unit"), evidence("integration", "unit"), evidence("e2e")],
      "passed",
      0,
    ],
    ["evidence in one", "PHASE_TESTING", [passed, evidence("unit", "integration", "e2e")], "passed", 0],
    ["evidence incomplete", "PHASE_TESTING", [passed, evidence("unit"), evidence("e2e")], "failed", 1],
    [
      "evidence as one word",
      "PHASE_TESTING",
      [passed, artifact("test_evidence", { kinds: "unit integration e2e" })],
      "failed",
      1,
    ],
    [
      "tests that failed",
      "PHASE_TESTING",
      [artifact("test_results", { all_passed: false }), evidence("unit", "integration", "e2e")],
      "failed",
      1,
    ],
    ["a design is there", "PHASE_DESIGN", [artifact("design_document")], "passed", 0],
    [
      "a member of every object",
      "PHASE_IMPLEMENTATION",
      [artifact("code_changes", Object.create({ has_tests: true })), coverage(90)],
      "failed",
      1,
    ],
  ])("%s", (_, phase, artifacts, verdict, reasons) => {
    const judged = judgeGate(gateOf(phase), artifacts, DONE);
    expect(judged.verdict).toBe(verdict);
    expect(judged.blocking_reasons).toHaveLength(reasons);
  });
});

describe("tasks of the visit", () => {
  test.each<[VisitTasks, string]>([
    [{ total: 0, completed: 0, failed: 0 }, "waiting_tasks"],
    [{ total: 1, completed: 0, failed: 0 }, "waiting_tasks"],
    [{ total: 2, completed: 1, failed: 0 }, "waiting_tasks"],
    [{ total: 2, completed: 1, failed: 1 }, "waiting_tasks"],
    [{ total: 2, completed: 2, failed: 0 }, "passed"],
    [{ total: 1, completed: 1, failed: 0 }, "passed"],
  ])("%j", (tasks, verdict) => {
    expect(judgeGate(gateOf("PHASE_DESIGN"), [artifact("design_document")], tasks).verdict).toBe(verdict);
  });

  test("come first, with every other reason beside them", () => {
    const judged = judgeGate(gateOf("PHASE_IMPLEMENTATION"), [code(false)], { ...DONE, total: 4, failed: 1 });
    expect(judged).toEqual({
      verdict: "waiting_tasks",
      blocking_reasons: [
        {
          criterion: "tasks",
          expected: "every task completed, or cancelled with a reason",
          actual: { open: 1, failed: 1 },
          message:
            "1 of 4 tasks is open, 1 of 4 tasks failed: retry what failed; what is not wanted any more is retried and then cancelled, with a reason",
        },
        {
          artifact: "test_coverage",
          expected: "handed in during this visit",
          actual: null,
          message: "the artifact test_coverage was not handed in during this visit",
        },
        {
          artifact: "code_changes",
          criterion: "code_changes.has_tests",
          expected: true,
          actual: false,
          message: "code_changes.has_tests must be true: is false",
        },
      ],
    });
  });
});

test("an artifact that only a criterion names is demanded too", () => {
  const asked = gate.parse({ criteria: [{ artifact: "report", metadata: "ok", is: true }] });
  expect(judgeGate(asked, [], DONE)).toMatchObject({ verdict: "blocked", blocking_reasons: [{ artifact: "report" }] });
});

test("a phase without a gate holds nobody; an empty gate still waits for its tasks", () => {
  const none: VisitTasks = { total: 0, completed: 0, failed: 0 };
  expect(judgeGate(undefined, [], none)).toEqual({ verdict: "passed", blocking_reasons: [] });
  expect(judgeGate(gate.parse({}), [], none).verdict).toBe("waiting_tasks");
  expect(judgeGate(gate.parse({}), [], DONE).verdict).toBe("passed");
});
