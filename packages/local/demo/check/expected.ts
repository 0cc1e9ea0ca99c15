import type { EvidenceArtifact } from "../evidence.ts";
import type { DocumentFact, TicketFacts } from "./facts.ts";

/** What an artifact says, without where and when it was handed in. */
export type Statement = Pick<EvidenceArtifact, "type" | "path" | "content" | "metadata">;

/** The artifacts that a ticket must have, to the letter, when its evidence is what the facts are. */
export function expectedOf(ref: string, facts: TicketFacts): Statement[] {
  const { measurement, bundle, kinds, release } = facts;
  const { commit, files, has_tests, coverage_percent, library_percent, tests } = measurement;
  const counts = Object.fromEntries(Object.entries(kinds).map(([kind, result]) => [kind, result.tests]));
  const all = Object.values(kinds).reduce((sum, kind) => sum + kind.tests, 0);
  const passed = Object.values(kinds).reduce((sum, kind) => sum + kind.passed, 0);
  const statement = (type: string, path: string, metadata: Record<string, unknown>): Statement => ({
    type,
    path,
    content: null,
    metadata,
  });
  return [
    documentOf("requirements_document", facts.requirements, facts.requirements.commit),
    documentOf("design_document", facts.design, facts.design.commit),
    statement("code_changes", `library.git#${ref}`, { commit, merged: true, has_tests, files }),
    statement("test_coverage", `reports/${ref}/coverage.json`, { commit, coverage_percent, library_percent, tests }),
    statement("packaging_bundle", bundle.path, { commit, ...bundle.found }),
    documentOf("handoff_documentation", facts.handoff, commit),
    statement("test_results", `reports/${ref}/test-results.json`, {
      all_passed: passed === all,
      commit,
      tests: all,
      passed,
      counts,
    }),
    ...Object.entries(kinds).map(([kind, result]) =>
      statement("test_evidence", `reports/${ref}/${kind}.json`, {
        kinds: [kind],
        commit,
        tests: result.tests,
        passed: result.passed,
      }),
    ),
    statement("deployment_evidence", release.path, {
      commit,
      sha256: release.sha256,
      files: release.files,
      tests: kinds.e2e?.tests ?? 0,
    }),
  ];
}

function documentOf(type: string, { path, content }: DocumentFact, commit: string): Statement {
  return { type, path, content: content ?? null, metadata: { commit } };
}
