import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { testDeployed } from "../../measure/bundle-tests.mjs";
import { digestOfFolder } from "../../measure/digest.mjs";
import { git, tryGit } from "../../measure/git.mjs";
import { PACKAGE_FOLDER } from "../../measure/pack.mjs";
import { extractTar } from "../../measure/tar.mjs";
import { readBundle } from "../bundle.mjs";

/** Names the commit that `deploy/current` shows. */
const DEPLOYED = "refs/deployed/current";

/** Deployments that may come between, before giving up. */
const MOST_ROUNDS = 50;

/**
 * Unpacks the bundle as a release, runs it there, and makes it the current one unless a newer one is.
 * @param {import("../task.mjs").Shop} shop
 * @returns {Promise<import("../task.mjs").Result>}
 */
export async function deploy(shop) {
  const { repository, root } = shop;
  const { commit, content_sha256, bundle } = readBundle(shop);
  const path = releasePath(commit);
  shop.progress(20, `unpacking into ${path}`);
  const digest = unpackRelease(shop, join(root, path), bundle);
  if (digest.sha256 !== content_sha256) throw new Error(`${path} does not hold what was packed`);
  shop.progress(50, "running the release");
  const { tests, failures } = await testDeployed({
    repository,
    commit,
    folder: join(root, path),
    scratch: join(shop.scratch, "verify"),
  });
  if (failures.length > 0) throw new Error(`the release does not work: ${failures.map(({ name }) => name).join("; ")}`);
  shop.progress(80, "switching to the newest release");
  await claimCurrent(repository, commit);
  const current = await showCurrent(shop);
  return {
    output: {
      summary: `${path} deployed, ${tests} end-to-end tests pass there`,
      notes: [current === commit ? "It is the current release" : `A newer release is current: ${current.slice(0, 12)}`],
    },
    artifacts: [
      {
        type: "deployment_evidence",
        path,
        metadata: { commit, sha256: digest.sha256, files: digest.files.length, tests },
      },
    ],
  };
}

/** @param {string} commit */
function releasePath(commit) {
  return `deploy/releases/${commit.slice(0, 12)}`;
}

/**
 * A release is whole or not there, and a second attempt finds the first one's.
 * @param {import("../task.mjs").Shop} shop
 * @param {string} folder
 * @param {Buffer} bundle
 */
function unpackRelease({ root, task }, folder, bundle) {
  if (!existsSync(folder)) {
    const part = join(root, "deploy", `.${task.task_id}.${process.pid}`);
    mkdirSync(join(root, "deploy/releases"), { recursive: true });
    extractTar(bundle, part, PACKAGE_FOLDER);
    try {
      renameSync(part, folder);
    } catch (error) {
      // Another attempt at this task has put the same release there meanwhile.
      if (!existsSync(folder)) throw error;
      rmSync(part, { recursive: true });
    }
  }
  return digestOfFolder(folder);
}

/**
 * Tickets are deployed in any order, but the current release never goes back: only a commit that contains the deployed one
 * takes its place, and git refuses the step where another deployment came between.
 * @param {string} repository
 * @param {string} commit
 */
async function claimCurrent(repository, commit) {
  for (let count = 1; count <= MOST_ROUNDS; count += 1) {
    const { ok, output: deployed } = await tryGit(repository, "rev-parse", "--verify", "--quiet", DEPLOYED);
    if (ok && !(await tryGit(repository, "merge-base", "--is-ancestor", deployed, commit)).ok) return;
    const before = ok ? deployed : "0".repeat(40);
    if ((await tryGit(repository, "update-ref", DEPLOYED, commit, before)).ok) return;
  }
  throw new Error(`${DEPLOYED} could not be moved to ${commit}`);
}

/**
 * Points `deploy/current` at the deployed commit's release, until no other deployment came between.
 * @param {import("../task.mjs").Shop} shop
 * @returns {Promise<string>} that commit
 */
async function showCurrent({ repository, root }) {
  const link = join(root, "deploy/current");
  for (;;) {
    const commit = await git(repository, "rev-parse", DEPLOYED);
    const part = `${link}.${process.pid}`;
    rmSync(part, { force: true });
    symlinkSync(releasePath(commit).replace("deploy/", ""), part, "dir");
    renameSync(part, link);
    if ((await git(repository, "rev-parse", DEPLOYED)) === commit) return commit;
  }
}
