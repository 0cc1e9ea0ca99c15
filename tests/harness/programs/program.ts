import { inject } from "vitest";
import type { ProgramName } from "./build-programs.ts";

/** A program of ours, bundled, for `node`: the file of it. Only where vitest runs. */
export async function program(name: ProgramName): Promise<string> {
  const response = await fetch(inject("programs_url"));
  if (!response.ok) throw new Error(`The programs were not built: ${await response.text()}`);
  const files = (await response.json()) as Record<ProgramName, string>;
  return files[name];
}
