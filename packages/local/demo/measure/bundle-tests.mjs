import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { archive } from "./git.mjs";
import { PACKAGE_FOLDER } from "./pack.mjs";
import { extractTar } from "./tar.mjs";
import { KINDS, runTests } from "./tests.mjs";

/**
 * Installs a bundle into an empty folder, as npm would without network, and runs the tests of its commit against it:
 * they import the package by name, so it is the packed code that runs.
 * @param {{repository: string, commit: string, bundle: Buffer, scratch: string}} input `scratch` may be emptied
 */
export async function testInstalled({ repository, commit, bundle, scratch }) {
  await prepare(repository, commit, scratch);
  extractTar(bundle, join(scratch, "node_modules", "plaincsv"), PACKAGE_FOLDER);
  /** @type {Record<string, {tests: number, passed: number, failures: {name: string, message: string}[]}>} */
  const kinds = {};
  for (const kind of KINDS) {
    const { tests, passed, failures } = await runTests(scratch, [kind], { coverage: false });
    kinds[kind] = { tests, passed, failures };
  }
  return kinds;
}

/**
 * Runs the end-to-end tests of a commit against a folder where the library is deployed.
 * @param {{repository: string, commit: string, folder: string, scratch: string}} input `scratch` may be emptied
 */
export async function testDeployed({ repository, commit, folder, scratch }) {
  await prepare(repository, commit, scratch);
  symlinkSync(folder, join(scratch, "node_modules", "plaincsv"), "dir");
  const { tests, passed, failures } = await runTests(scratch, ["e2e"], { coverage: false });
  return { tests, passed, failures };
}

/**
 * @param {string} repository
 * @param {string} commit
 * @param {string} scratch
 */
async function prepare(repository, commit, scratch) {
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(join(scratch, "node_modules"), { recursive: true });
  extractTar(await archive(repository, commit, "test"), scratch);
}
