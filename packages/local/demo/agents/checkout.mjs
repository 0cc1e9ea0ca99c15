import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileAt, git, tryGit } from "../measure/git.mjs";

/** Pushes that another agent was quicker with, before giving up: each time somebody got on, so this is generous. */
const MOST_ROUNDS = 50;

/**
 * Clones the repository into a folder of this attempt.
 * @param {import("./task.mjs").Shop} shop
 * @returns {Promise<string>} the work tree, on main
 */
export async function checkout({ repository, scratch }) {
  const folder = join(scratch, "checkout");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  await git(scratch, "clone", "--quiet", repository, folder);
  return folder;
}

/**
 * Pushes the work tree's commit. Several agents push to one branch, and git itself sees to it that nobody's work is lost:
 * a push that does not contain what others pushed meanwhile is refused.
 * @param {string} folder
 * @param {...string} targets
 * @returns {Promise<boolean>} false where another agent was quicker
 * @throws {Error} where it was refused for another reason
 */
export async function push(folder, ...targets) {
  const { ok, output } = await tryGit(
    folder,
    "push",
    "--quiet",
    "--atomic",
    "origin",
    ...targets.map((target) => `HEAD:${target}`),
  );
  if (ok) return true;
  if (/fetch first|non-fast-forward|cannot lock ref|failed to update ref/.test(output)) return false;
  throw new Error(`git push was refused:\n${output}`);
}

/**
 * Repeats a round of work on the newest main until its push gets through.
 * @template T
 * @param {string} folder
 * @param {() => Promise<T | undefined>} round gives undefined where another agent was quicker
 * @returns {Promise<T>}
 */
export async function onNewestMain(folder, round) {
  for (let count = 1; count <= MOST_ROUNDS; count += 1) {
    await git(folder, "fetch", "--quiet", "--prune", "--tags", "origin");
    const result = await round();
    if (result !== undefined) return result;
  }
  throw new Error(`main moved ${MOST_ROUNDS} times while this change was being merged`);
}

/**
 * Commits a document of a ticket to main; where main has the same text, that is enough.
 * @param {import("./task.mjs").Shop} shop
 * @param {{path: string, content: string, message: string}} document
 * @returns {Promise<string>} the commit of main that has it
 */
export async function commitDocument(shop, { path, content, message }) {
  const folder = await checkout(shop);
  return onNewestMain(folder, async () => {
    await git(folder, "checkout", "--quiet", "--detach", "origin/main");
    if ((await fileAt(folder, "HEAD", path)) === content) return git(folder, "log", "-1", "--format=%H", "--", path);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
    await git(folder, "add", path);
    await git(folder, "commit", "--quiet", "-m", message, "--trailer", `Ticket: ${shop.ref}`);
    return (await push(folder, "refs/heads/main")) ? git(folder, "rev-parse", "HEAD") : undefined;
  });
}
