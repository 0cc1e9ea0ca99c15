import { inject } from "vitest";
import type { ProgramName } from "./build-programs.ts";
import type { Built } from "./serve-built.ts";

/** A program of ours, bundled, for `node`: the file of it. Only where vitest runs. */
export async function program(name: ProgramName): Promise<string> {
  return (await built("programs"))[name];
}

/** The functions as they are deployed, with the sizes of their bundles in KiB: read only, as all tests share the folder. */
export function builtFunctions(): Promise<Built["functions"]> {
  return built("functions");
}

async function built<K extends keyof Built>(what: K): Promise<Built[K]> {
  const response = await fetch(inject("built_url") + what);
  if (!response.ok) throw new Error(`The ${what} were not built: ${await response.text()}`);
  return (await response.json()) as Built[K];
}
