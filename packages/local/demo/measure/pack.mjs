import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { digestOf, sha256 } from "./digest.mjs";
import { archive } from "./git.mjs";
import { executed } from "./process.mjs";
import { extractTar, readTar } from "./tar.mjs";

/** npm puts the files of a package below this folder. */
export const PACKAGE_FOLDER = "package/";

/**
 * Packs the library as it is at a commit, without network and without scripts.
 * @param {string} repository
 * @param {string} commit
 * @param {string} scratch a folder that may be emptied
 * @returns {Promise<{name: string, bundle: Buffer}>} the name and content of the .tgz file
 */
export async function packCommit(repository, commit, scratch) {
  const [source, target] = [join(scratch, "source"), join(scratch, "target")];
  rmSync(scratch, { recursive: true, force: true });
  for (const folder of [source, target]) mkdirSync(folder, { recursive: true });
  extractTar(await archive(repository, commit), source);
  await executed("npm", ["pack", "--offline", "--ignore-scripts", "--silent", "--pack-destination", target], {
    cwd: source,
    env: {
      npm_config_cache: join(scratch, "cache"),
      npm_config_userconfig: join(scratch, "npmrc"),
      npm_config_update_notifier: "false",
    },
  });
  const name = readdirSync(target).find((file) => file.endsWith(".tgz"));
  if (name === undefined) throw new Error("npm pack wrote no package");
  return { name, bundle: readFileSync(join(target, name)) };
}

/**
 * What a bundle is and holds. `content_sha256` is the digest of its files: the folder that it is unpacked into has the same.
 * @param {Buffer} bundle
 */
export function describeBundle(bundle) {
  const files = readTar(bundle).map(({ path, content }) => ({ path: path.slice(PACKAGE_FOLDER.length), content }));
  const digest = digestOf(files);
  return { sha256: sha256(bundle), content_sha256: digest.sha256, files: digest.files };
}
