import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testInstalled } from "../../measure/bundle-tests.mjs";
import { readBundle } from "../bundle.mjs";

/**
 * Installs the bundle and runs every kind of test against it.
 * @param {import("../task.mjs").Shop} shop
 * @returns {Promise<import("../task.mjs").Result>}
 */
export async function testBundle(shop) {
  const { ref, repository, root } = shop;
  const { commit, path, bundle } = readBundle(shop);
  shop.progress(20, `testing ${path}`);
  const kinds = await testInstalled({ repository, commit, bundle, scratch: join(shop.scratch, "installed") });
  const folder = `reports/${ref}`;
  mkdirSync(join(root, folder), { recursive: true });
  const evidence = Object.entries(kinds).map(([kind, { tests, passed, failures }]) => {
    const file = `${folder}/${kind}.json`;
    writeFileSync(join(root, file), `${JSON.stringify({ kind, commit, tests, passed, failures }, null, 2)}\n`);
    return { type: "test_evidence", path: file, metadata: { kinds: [kind], commit, tests, passed } };
  });
  const all = Object.values(kinds);
  const tests = all.reduce((sum, kind) => sum + kind.tests, 0);
  const passed = all.reduce((sum, kind) => sum + kind.passed, 0);
  const counts = Object.fromEntries(Object.entries(kinds).map(([kind, result]) => [kind, result.tests]));
  const results = `${folder}/test-results.json`;
  writeFileSync(join(root, results), `${JSON.stringify({ commit, tests, passed, counts }, null, 2)}\n`);
  return {
    output: {
      summary: `${passed} of ${tests} tests pass against ${path}`,
      risks: all.flatMap(({ failures }) => failures.map(({ name, message }) => `test fails: ${name}: ${message}`)),
    },
    artifacts: [
      {
        type: "test_results",
        path: results,
        metadata: { all_passed: passed === tests, commit, tests, passed, counts },
      },
      ...evidence,
    ],
    metrics: { tests, passed },
  };
}
