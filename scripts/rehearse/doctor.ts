import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** @throws with what `omoi doctor` says, unless it finds no fault */
export async function doctorIsContent(stage: string, root: string): Promise<void> {
  const omoi = join(root, "packages", "cli", "bin", "omoi.mjs");
  await promisify(execFile)(process.execPath, [omoi, "doctor", "--stage", stage], { cwd: root }).catch(
    (failure: { stdout: string; stderr: string }) => {
      throw new Error(`omoi doctor finds faults:\n${failure.stdout}${failure.stderr}`);
    },
  );
}
