import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * One patch of a ticket's change.
 * @typedef {{name: string, file: string, paths: string[]}} Patch
 */

/**
 * The patches that make up a ticket's change, in their order.
 * @param {string} changes
 * @param {string} ref
 * @returns {Patch[]}
 * @throws {Error} where there is none
 */
export function patchesOf(changes, ref) {
  const folder = join(changes, ref);
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".patch"))
    .sort();
  if (names.length === 0) throw new Error(`${ref} has no patch in ${folder}`);
  return names.map((name) => {
    const file = join(folder, name);
    const paths = [...readFileSync(file, "utf8").matchAll(/^\+\+\+ b\/(.+)$/gm)].map(([, path = ""]) => path);
    return { name: name.replace(/\.patch$/, ""), file, paths };
  });
}

/**
 * The test files of some patches.
 * @param {Patch[]} patches
 */
export function testsOf(patches) {
  return [...new Set(patches.flatMap(({ paths }) => paths.filter((path) => path.startsWith("test/"))))].sort();
}

/** The heading under which a design lists the test files that its change brings. */
export const TEST_PLAN = "## Test plan";

/**
 * The test files that a design document plans.
 * @param {string} design
 * @returns {string[]}
 */
export function plannedTests(design) {
  const [, plan = ""] = design.split(TEST_PLAN);
  const [list = ""] = plan.split(/^## /m);
  return [...list.matchAll(/^- `(test\/[^`]+)`/gm)].map(([, path = ""]) => path);
}
