import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { git } from "./measure/git.mjs";

const LIBRARY = fileURLToPath(new URL("library", import.meta.url));

/**
 * Makes the library's repository: a bare one with its released version as the only commit, tagged `v1.0.0`.
 * Agents clone it and push to it. Old commits stay, so that a checker can measure what was handed in and not merged.
 */
export async function makeRepository(root: string): Promise<string> {
  const repository = join(root, "library.git");
  const seed = join(root, "seed");
  mkdirSync(root, { recursive: true });
  cpSync(LIBRARY, seed, { recursive: true });
  await git(seed, "init", "--quiet", "--initial-branch=main");
  await git(seed, "add", "--all");
  await git(seed, "commit", "--quiet", "-m", "plaincsv 1.0.0");
  await git(seed, "tag", "v1.0.0");
  await git(root, "clone", "--quiet", "--bare", seed, repository);
  await git(repository, "config", "gc.auto", "0");
  rmSync(seed, { recursive: true });
  return repository;
}
