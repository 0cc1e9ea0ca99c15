import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { measureChange, REQUIRED_PERCENT } from "../../measure/coverage.mjs";
import { changesOf, fileAt, git, tryGit } from "../../measure/git.mjs";
import { checkout, onNewestMain, push } from "../checkout.mjs";
import { patchesOf, plannedTests, testsOf } from "../plan.mjs";

/** @typedef {Awaited<ReturnType<typeof measureChange>>} Measurement */

/**
 * Makes the change that the design plans on a branch, measures it, and merges it into main if it is good enough.
 * A change with too little coverage is handed in unmerged, with the figures as they are: its gate then says no.
 * @param {import("../task.mjs").Shop} shop
 * @returns {Promise<import("../task.mjs").Result>}
 * @throws {Error} where tests fail
 */
export async function implement(shop) {
  const { ref, repository } = shop;
  const design = await fileAt(repository, "main", `docs/design/${ref}.md`);
  if (design === undefined) throw new Error(`main has no design for ${ref}`);
  const planned = new Set(plannedTests(design));
  const patches = patchesOf(shop.changes, ref).filter((patch) => testsOf([patch]).every((path) => planned.has(path)));
  if (patches.length === 0) throw new Error(`the design of ${ref} plans none of the tests that its change has`);
  const folder = await checkout(shop);
  /** @type {Map<string, Measurement>} */
  const measured = new Map();
  return onNewestMain(folder, async () => {
    const merged = await changesOf(folder, "origin/main", ref);
    if (merged.length >= patches.length) {
      const commit = /** @type {string} */ (merged.at(-1)?.commit);
      shop.progress(60, "the change is on main already: an earlier attempt merged it");
      return handover(shop, await measure(shop, folder, commit, measured), true);
    }
    await buildBranch(shop, folder, patches);
    const measurement = await measure(shop, folder, await git(folder, "rev-parse", "HEAD"), measured);
    if (measurement.failures.length > 0)
      throw new Error(`${ref} breaks tests: ${measurement.failures.map(({ name }) => name).join("; ")}`);
    if (measurement.coverage_percent < REQUIRED_PERCENT) {
      await push(folder, `refs/tags/unmerged/${ref}/${measurement.commit.slice(0, 12)}`);
      return handover(shop, measurement, false);
    }
    shop.progress(90, "merging into main");
    return (await push(folder, "refs/heads/main")) ? handover(shop, measurement, true) : undefined;
  });
}

/**
 * Puts the work tree on the ticket's branch, upon the newest main, with every patch applied; what an earlier attempt or visit
 * has pushed is kept.
 * @param {import("../task.mjs").Shop} shop
 * @param {string} folder
 * @param {import("../plan.mjs").Patch[]} patches
 */
async function buildBranch(shop, folder, patches) {
  const branch = `ticket/${shop.ref}`;
  const { ok } = await tryGit(folder, "rev-parse", "--verify", "--quiet", `origin/${branch}`);
  await git(folder, "checkout", "--quiet", "--force", "-B", branch, ok ? `origin/${branch}` : "origin/main");
  if (ok) await git(folder, "rebase", "--quiet", "origin/main");
  const present = new Set((await changesOf(folder, "HEAD", shop.ref)).map(({ change }) => change));
  for (const { name, file } of patches) {
    if (present.has(name)) continue;
    shop.progress(20, `applying ${name}`);
    await git(folder, "apply", "--3way", "--index", file);
    const message = `${shop.ref}: ${shop.task.ticket.title}`;
    await git(
      folder,
      "commit",
      "--quiet",
      "-m",
      message,
      "--trailer",
      `Ticket: ${shop.ref}`,
      "--trailer",
      `Change: ${name}`,
    );
  }
  // Pushed before it is measured, so that an attempt after this one can go on from here.
  await git(folder, "push", "--quiet", "--force", "origin", `HEAD:refs/heads/${branch}`);
}

/**
 * Measures a commit; one that differs from a measured one in documents alone need not be measured again.
 * @param {import("../task.mjs").Shop} shop
 * @param {string} folder
 * @param {string} commit
 * @param {Map<string, Measurement>} measured by the trees of code and tests
 * @returns {Promise<Measurement>}
 */
async function measure(shop, folder, commit, measured) {
  const trees = await git(
    folder,
    "rev-parse",
    `${commit}:src`,
    `${commit}:bin`,
    `${commit}:test`,
    `${commit}:package.json`,
  );
  const key = `${trees}\n${(await changesOf(folder, commit, shop.ref)).length}`;
  const known = measured.get(key);
  if (known) return { ...known, commit };
  shop.record("testing");
  shop.progress(50, "running the tests with coverage");
  const measurement = await measureChange(folder, commit, shop.ref, join(shop.scratch, "measured"));
  measured.set(key, measurement);
  return measurement;
}

/**
 * @param {import("../task.mjs").Shop} shop
 * @param {Measurement} measurement
 * @param {boolean} merged
 * @returns {import("../task.mjs").Result}
 */
function handover({ ref, root }, measurement, merged) {
  const { commit, files, has_tests, coverage_percent, library_percent, tests, coverage } = measurement;
  const report = `reports/${ref}/coverage.json`;
  mkdirSync(dirname(join(root, report)), { recursive: true });
  writeFileSync(join(root, report), `${JSON.stringify(measurement, null, 2)}\n`);
  const outcome = merged ? "merged into main" : "not merged";
  return {
    output: {
      summary: `${ref} ${outcome} as ${commit.slice(0, 12)}: ${tests} tests, ${coverage_percent} % of the changed files covered`,
      risks: merged ? [] : [`${ref} has too few tests: ${REQUIRED_PERCENT} % is required`],
    },
    artifacts: [
      { type: "code_changes", path: `library.git#${ref}`, metadata: { commit, merged, has_tests, files } },
      { type: "test_coverage", path: report, metadata: { commit, coverage_percent, library_percent, tests } },
    ],
    metrics: { coverage_percent, tests, source_files: coverage.length },
  };
}
