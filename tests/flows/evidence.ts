import type { CallRequest } from "@omoios/sdk/client";

export type Artifacts = NonNullable<CallRequest<"completeTask">["body"]["result"]["artifacts"]>;

const DOCUMENT = `# Requirements

## Scope

${"What the work covers, and what it leaves as it is. ".repeat(10)}

## Acceptance criteria

${"Each of them can be checked by a command. ".repeat(10)}
`;

/** What each kind of generated task must hand in for its phase's gate to pass. */
export const EVIDENCE: Readonly<Record<string, Artifacts>> = {
  requirements_analysis: [{ type: "requirements_document", path: "docs/requirements.md", content: DOCUMENT }],
  design: [{ type: "design_document", path: "docs/design.md", content: "# Design\n\nOne file changes." }],
  implementation: [
    { type: "code_changes", path: "commit/4711", metadata: { has_tests: true } },
    { type: "test_coverage", path: "coverage.json", metadata: { coverage_percent: 91.5 } },
  ],
  packaging: [
    { type: "packaging_bundle", path: "dist/package.tgz", metadata: { sha256: "0".repeat(64) } },
    { type: "handoff_documentation", path: "docs/handoff.md", content: "# Handoff\n\nInstall it, then look." },
  ],
  testing: [
    { type: "test_results", path: "reports/results.json", metadata: { all_passed: true } },
    { type: "test_evidence", path: "reports/unit.txt", metadata: { kinds: ["unit"] } },
    { type: "test_evidence", path: "reports/system.txt", metadata: { kinds: ["integration", "e2e"] } },
  ],
  deployment: [{ type: "deployment_evidence", path: "reports/deployment.md", content: "It runs." }],
};
