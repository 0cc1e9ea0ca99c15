import { mkdirSync, rmSync } from "node:fs";
import { archive, changesOf, filesTouchedBy } from "./git.mjs";
import { extractTar } from "./tar.mjs";
import { runTests } from "./tests.mjs";

/** A change below this is not merged, and its gate does not let it pass. */
export const REQUIRED_PERCENT = 80;

/**
 * Measures a ticket's change at a commit: exports the commit, runs its unit and integration tests, and reads their line coverage.
 * `coverage_percent` is that of the source files which the change touches (of all, where it touches none):
 * what the rest of the library has already cannot hide a change without tests.
 * @param {string} repository
 * @param {string} commit
 * @param {string} ref
 * @param {string} scratch a folder that may be emptied
 */
export async function measureChange(repository, commit, ref, scratch) {
  const changes = await changesOf(repository, commit, ref);
  const files = await filesTouchedBy(
    repository,
    changes.map((change) => change.commit),
  );
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  extractTar(await archive(repository, commit), scratch);
  const report = await runTests(scratch, ["unit", "integration"], { coverage: true });
  const touched = report.coverage.filter(({ path }) => files.includes(path));
  return {
    commit,
    files,
    has_tests: files.some((file) => file.startsWith("test/")),
    coverage_percent: percentOf(touched.length > 0 ? touched : report.coverage),
    library_percent: percentOf(report.coverage),
    tests: report.tests,
    failures: report.failures,
    coverage: report.coverage,
  };
}

/**
 * Covered lines in percent, with two decimals, never rounded up.
 * @param {{lines: number, covered: number}[]} coverage
 */
function percentOf(coverage) {
  const lines = coverage.reduce((sum, file) => sum + file.lines, 0);
  const covered = coverage.reduce((sum, file) => sum + file.covered, 0);
  return lines === 0 ? 0 : Math.floor((covered / lines) * 10_000) / 100;
}
