import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll } from "vitest";

/** The root of the repository. */
export const root = resolve(import.meta.dirname, "..", "..");

/** A folder that goes when the test file is done; to be called outside tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "omoios-stacks-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
