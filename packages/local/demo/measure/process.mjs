import { execFile } from "node:child_process";

/** Nothing of the caller's npm or Node settings may change what is measured. */
const OWN = /^(npm_|NODE_OPTIONS$|NODE_V8_COVERAGE$|NODE_TEST_CONTEXT$|GIT_|FORCE_COLOR$)/i;

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {string[]} args
 * @param {{cwd: string, env?: Record<string, string>, input?: string | Buffer}} options `env` is added to a cleaned environment
 * @returns {Promise<{status: number, stdout: Buffer, stderr: string}>} status is -1 where a signal ended it
 * @throws {Error} where the program cannot be started
 */
export function execute(program, args, { cwd, env = {}, input }) {
  const cleaned = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OWN.test(name)));
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...cleaned, ...env }, encoding: /** @type {const} */ ("buffer"), maxBuffer: 2 ** 28 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error && typeof error.code === "string") return reject(error);
      const status = error ? Number(error.code ?? -1) : 0;
      resolve({ status, stdout, stderr: stderr.toString() });
    });
    // A program that ends without reading its input closes the pipe; its exit code tells how it went.
    child.stdin?.on("error", (error) => {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EPIPE") reject(error);
    });
    child.stdin?.end(input);
  });
}

/**
 * Runs a program that must succeed.
 * @param {string} program
 * @param {string[]} args
 * @param {Parameters<typeof execute>[2]} options
 * @returns {Promise<Buffer>} its standard output
 * @throws {Error} with the last lines of its output where it does not end with 0
 */
export async function executed(program, args, options) {
  const { status, stdout, stderr } = await execute(program, args, options);
  if (status === 0) return stdout;
  const lines = `${stdout}\n${stderr}`.trim().split("\n").slice(-12).join("\n");
  throw new Error(`${program} ${args.slice(0, 3).join(" ")} ended with ${status}:\n${lines}`);
}
