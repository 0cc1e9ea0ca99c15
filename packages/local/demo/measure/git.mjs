import { execute, executed } from "./process.mjs";

/** Dates and names are fixed, so that the same work gives the same commit whoever does it, and whenever. */
const ENVIRONMENT = {
  GIT_AUTHOR_NAME: "OmoiOS demo",
  GIT_AUTHOR_EMAIL: "demo@example.com",
  GIT_AUTHOR_DATE: "2026-01-05T10:00:00Z",
  GIT_COMMITTER_NAME: "OmoiOS demo",
  GIT_COMMITTER_EMAIL: "demo@example.com",
  GIT_COMMITTER_DATE: "2026-01-05T10:00:00Z",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
  LC_ALL: "C",
};

/**
 * Runs git, which must succeed.
 * @param {string} cwd a work tree or a bare repository
 * @param {...string} args
 * @returns {Promise<string>} its output without the spaces around it
 */
export async function git(cwd, ...args) {
  return (await executed("git", args, { cwd, env: ENVIRONMENT })).toString().trim();
}

/**
 * Runs git where "no" is an answer.
 * @param {string} cwd
 * @param {...string} args
 * @returns {Promise<{ok: boolean, output: string}>}
 */
export async function tryGit(cwd, ...args) {
  const { status, stdout, stderr } = await execute("git", args, { cwd, env: ENVIRONMENT });
  return { ok: status === 0, output: `${stdout}${stderr}`.trim() };
}

/**
 * The text of a file at a commit.
 * @param {string} repository
 * @param {string} commit
 * @param {string} path
 * @returns {Promise<string | undefined>} undefined where there is none
 */
export async function fileAt(repository, commit, path) {
  const { status, stdout } = await execute("git", ["show", `${commit}:${path}`], { cwd: repository, env: ENVIRONMENT });
  return status === 0 ? stdout.toString() : undefined;
}

/**
 * A commit's files, or those of some folders of it, as a tar archive.
 * @param {string} repository
 * @param {string} commit
 * @param {...string} paths
 * @returns {Promise<Buffer>}
 */
export function archive(repository, commit, ...paths) {
  return executed("git", ["archive", "--format=tar", commit, "--", ...paths], { cwd: repository, env: ENVIRONMENT });
}

/**
 * The commits of a ticket that are part of `commit`, oldest first, with the name of the change that each one holds.
 * @param {string} repository
 * @param {string} commit
 * @param {string} ref the ticket's reference, as its commits' trailer `Ticket:` names it
 * @returns {Promise<{commit: string, change: string}[]>} documents are no changes
 */
export async function changesOf(repository, commit, ref) {
  const format =
    "--format=%H%x09%(trailers:key=Ticket,valueonly,separator=)%x09%(trailers:key=Change,valueonly,separator=)";
  const log = await git(repository, "log", "--reverse", format, commit);
  return log
    .split("\n")
    .map((line) => line.split("\t"))
    .filter(([, ticket, change]) => ticket === ref && change)
    .map(([hash = "", , change = ""]) => ({ commit: hash, change }));
}

/**
 * The files that some commits touch, sorted.
 * @param {string} repository
 * @param {string[]} commits
 * @returns {Promise<string[]>}
 */
export async function filesTouchedBy(repository, commits) {
  if (commits.length === 0) return [];
  const names = await git(repository, "show", "--format=", "--name-only", ...commits);
  return [...new Set(names.split("\n").filter((name) => name !== ""))].sort();
}
