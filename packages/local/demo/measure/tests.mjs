import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { execute } from "./process.mjs";

/** The kinds of tests, each a folder below `test/`. */
export const KINDS = /** @type {const} */ (["unit", "integration", "e2e"]);

const REPORTER = fileURLToPath(new URL("reporter.mjs", import.meta.url));

/**
 * @typedef {object} TestReport
 * @property {number} tests
 * @property {number} passed
 * @property {{name: string, message: string}[]} failures
 * @property {{path: string, lines: number, covered: number}[]} coverage of the files below `src/`, by their path in the folder
 */

/**
 * Runs a folder's tests of some kinds in one process.
 * @param {string} folder
 * @param {readonly string[]} kinds
 * @param {{coverage: boolean}} options with coverage, a source file that no test loads counts with no line covered
 * @returns {Promise<TestReport>}
 * @throws {Error} where the tests cannot be loaded, or there are none
 */
export async function runTests(folder, kinds, { coverage }) {
  const specs = kinds.flatMap((kind) => specsOf(folder, kind));
  if (specs.length === 0) throw new Error(`there are no tests of kind ${kinds.join(", ")}`);
  const entry = specs.map((spec) => `await import(${JSON.stringify(`./${spec}`)});`).join("\n");
  const measured = coverage ? ["--experimental-test-coverage"] : [];
  const args = [...measured, `--test-reporter=${REPORTER}`, "--input-type=module", "--eval", entry];
  const { stdout, stderr } = await execute(process.execPath, args, { cwd: folder });
  const report = parseReport(stdout.toString(), stderr);
  return {
    tests: report.passed + report.failures.length,
    passed: report.passed,
    failures: report.failures,
    coverage: coverage ? ofSources(folder, report.coverage) : [],
  };
}

/**
 * @param {string} folder
 * @param {string} kind
 */
function specsOf(folder, kind) {
  const names = readdirSync(join(folder, "test", kind)).filter((name) => name.endsWith(".spec.mjs"));
  return names.sort().map((name) => `test/${kind}/${name}`);
}

/**
 * @param {string} stdout
 * @param {string} stderr
 */
function parseReport(stdout, stderr) {
  const start = stdout.lastIndexOf('{"passed":');
  if (start === -1) throw new Error(`the tests did not run:\n${`${stdout}\n${stderr}`.trim().slice(-2000)}`);
  return JSON.parse(stdout.slice(start));
}

/**
 * @param {string} folder
 * @param {{path: string, lines: number, covered: number}[]} coverage
 */
function ofSources(folder, coverage) {
  const source = join(folder, "src");
  const names = readdirSync(source).filter((name) => name.endsWith(".js"));
  return names.sort().map((name) => {
    const measured = coverage.find(({ path }) => relative(folder, path).split(sep).join("/") === `src/${name}`);
    const lines = readFileSync(join(source, name), "utf8").split("\n").length;
    return { path: `src/${name}`, lines: measured?.lines ?? lines, covered: measured?.covered ?? 0 };
  });
}
