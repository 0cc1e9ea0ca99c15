import type { TicketEvidence } from "../evidence.ts";

/** What somebody might change by hand in the evidence of CSV-3, and what the checker must say of it. */
export type Edit = [name: string, edit: (ticket: TicketEvidence) => unknown, says: RegExp];
export const EDITS: Edit[] = [
  [
    "a coverage",
    (t) => Object.assign(artifactOf(t, "test_coverage").metadata, { coverage_percent: 99.5 }),
    /coverage_percent/,
  ],
  [
    "a commit",
    (t) => Object.assign(artifactOf(t, "code_changes").metadata, { commit: "0".repeat(40) }),
    /code_changes.commit/,
  ],
  [
    "a count of tests",
    (t) => Object.assign(artifactOf(t, "test_results").metadata, { passed: 1 }),
    /test_results.passed/,
  ],
  [
    "a verdict of tests",
    (t) => Object.assign(artifactOf(t, "test_results").metadata, { all_passed: false }),
    /all_passed/,
  ],
  [
    "a kind of tests",
    (t) => Object.assign(artifactOf(t, "test_evidence").metadata, { kinds: ["e2e"] }),
    /test_evidence.kinds/,
  ],
  [
    "a digest",
    (t) => Object.assign(artifactOf(t, "deployment_evidence").metadata, { sha256: "0" }),
    /deployment_evidence.sha256/,
  ],
  [
    "the files of the bundle",
    (t) => Object.assign(artifactOf(t, "packaging_bundle").metadata, { files: [] }),
    /packaging_bundle.files/,
  ],
  [
    "a document",
    (t) => Object.assign(artifactOf(t, "design_document"), { content: "# other" }),
    /its content is not what main has/,
  ],
  ["a path", (t) => Object.assign(artifactOf(t, "test_coverage"), { path: "elsewhere" }), /coverage.json is missing/],
  [
    "a figure more",
    (t) => Object.assign(artifactOf(t, "test_coverage").metadata, { branches: 100 }),
    /test_coverage.branches/,
  ],
  [
    "the reason of the return",
    (t) => t.history.map((move) => Object.assign(move, { why: "" })),
    /no return in its history/,
  ],
  ["the return", (t) => t.history.splice(3, 2), /shows 0 returns/],
  ["the end", (t) => Object.assign(t, { phase_id: "PHASE_TESTING", status: "open" }), /not done/],
  [
    "a second result",
    (t) => t.tasks[0]?.attempts.push({ ...t.tasks[0].attempts[0], outcome: "completed" } as never),
    /2 counted/,
  ],
];

function artifactOf(ticket: TicketEvidence, type: string) {
  const found = ticket.artifacts.find((artifact) => artifact.type === type);
  if (found === undefined) throw new Error(`no ${type}`);
  return found;
}
