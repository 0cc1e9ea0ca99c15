import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { StartError } from "../start-error.ts";

const require = createRequire(import.meta.url);

/**
 * The path of the dynoxide binary for this machine.
 * @throws StartError where its npm package is not installed, with what to set instead.
 */
export function findBinary(platform: string = process.platform, arch: string = process.arch): string {
  const name = `@dynoxide/${platform}-${arch}`;
  try {
    return join(dirname(require.resolve(`${name}/package.json`)), platform === "win32" ? "dynoxide.exe" : "dynoxide");
  } catch {
    throw new StartError(
      `There is no DynamoDB emulator for ${platform}-${arch} here (npm package ${name} is not installed): ` +
        "run `npm ci` without --omit=optional, or start any DynamoDB-compatible server and set OMOI_DYNAMODB_ENDPOINT to its URL.",
    );
  }
}
