// An agent's command for the tests: hands in what the gate of the task's phase asks for.
import { readFileSync, writeFileSync } from "node:fs";

const task = JSON.parse(readFileSync(0, "utf8"));
const text = (heading, words) => `# ${heading}\n\n${`${words} `.repeat(60)}\n`;
const ARTIFACTS = {
  PHASE_REQUIREMENTS: [
    {
      type: "requirements_document",
      path: "docs/requirements.md",
      content: text("Scope", "What belongs to it.") + text("Acceptance criteria", "What must be true."),
    },
  ],
  PHASE_DESIGN: [{ type: "design_document", path: "docs/design.md", content: text("Design", "How it is done.") }],
  PHASE_IMPLEMENTATION: [
    { type: "code_changes", path: "src", metadata: { has_tests: true } },
    { type: "test_coverage", path: "coverage.json", metadata: { coverage_percent: 80 } },
  ],
  PHASE_BUILDING_DONE: [
    { type: "packaging_bundle", path: "dist/package.tgz" },
    { type: "handoff_documentation", path: "docs/handoff.md", content: text("Handoff", "What the next one needs.") },
  ],
  PHASE_TESTING: [
    { type: "test_results", path: "results.json", metadata: { all_passed: true } },
    { type: "test_evidence", path: "evidence.json", metadata: { kinds: ["unit", "integration", "e2e"] } },
  ],
  PHASE_DEPLOYMENT: [{ type: "deployment_evidence", path: "deployed.json", metadata: { version: "1.0.0" } }],
};

console.log(`omoi:progress 50 ${task.phase_id}`);
const output = { summary: `${task.title}: done` };
const handoff = { done: [task.title] };
writeFileSync(
  process.env.OMOI_RESULT_FILE,
  JSON.stringify({ output, artifacts: ARTIFACTS[task.phase_id] ?? [], handoff }),
);
