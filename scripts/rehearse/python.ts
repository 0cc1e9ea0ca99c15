import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The emulator that the rehearsal was tried with; its gaps are listed in `stacks/README.md`. */
export const MINISTACK = "1.5.33";

/** Why there can be no rehearsal on this machine. */
export class Skipped extends Error {}

/**
 * Installs MiniStack into a virtual environment of its own under the user's cache folder, where it stays.
 * @returns the path of the Python that has it
 * @throws Skipped where Python 3.10 or the package cannot be had
 */
export function installMinistack(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const folder = join(cache, "omoios", `ministack-${MINISTACK}`);
  const own = join(folder, "bin", "python");
  if (versionOf(own) === MINISTACK) return own;
  const python = findPython();
  // What an interrupted installation left is no environment to build on.
  rmSync(folder, { recursive: true, force: true });
  attempt("a virtual environment could not be made", python, ["-m", "venv", folder]);
  attempt(`pip could not install ministack ${MINISTACK}`, own, [
    ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `ministack==${MINISTACK}`],
  ]);
  return own;
}

function findPython(): string {
  const names = ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
  const found = names.find((name) => output(name, ["-c", "import sys; print(sys.version_info >= (3, 10))"]) === "True");
  if (!found)
    throw new Skipped("there is no Python 3.10 or newer on the PATH; MiniStack, the emulator of AWS, needs it");
  return found;
}

const versionOf = (python: string) =>
  output(python, ["-c", "import importlib.metadata as m; print(m.version('ministack'))"]);

/** What a command prints; undefined where it is missing or fails. */
function output(command: string, args: string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}

function attempt(failure: string, command: string, args: string[]): void {
  try {
    execFileSync(command, args, { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim().split("\n").at(-1) : error;
    throw new Skipped(`${failure}: ${said}`);
  }
}
