import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A deployment takes half a minute; one that hangs is ended. */
const WITHIN_MS = 150_000;
const LAST_LINES = 40;

/**
 * Runs `sst deploy` or `sst remove` for a stage.
 * @throws with its last lines when it fails or hangs
 */
export async function sst(command: "deploy" | "remove", stage: string, root: string): Promise<void> {
  const child = spawn(process.execPath, [sstCommand(), command, "--stage", stage], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  const timer = setTimeout(() => child.kill("SIGKILL"), WITHIN_MS);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearTimeout(timer);
  if (code === 0) return;
  const why = code === null ? `was ended after ${WITHIN_MS / 1000} s` : `failed with code ${code}`;
  throw new Error(`sst ${command} ${why}. It said:\n${said.trimEnd().split("\n").slice(-LAST_LINES).join("\n")}`);
}

/** What a stack of the last deployment put out, as SST keeps it. */
export function outputOf(root: string, stack: string, output: string): string {
  const stacks = JSON.parse(readFileSync(join(root, ".sst", "outputs.json"), "utf8"));
  const value: unknown = stacks[stack]?.[output];
  if (typeof value !== "string") throw new Error(`The stack ${stack} has no output "${output}".`);
  return value;
}

function sstCommand(): string {
  const manifest = createRequire(import.meta.url).resolve("sst/package.json");
  const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
  return join(dirname(manifest), bin.sst);
}
