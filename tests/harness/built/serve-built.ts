import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";
import type { ProgramName } from "./build-programs.ts";

/** What is built for tests. */
export interface Built {
  /** The file of each. */
  programs: Record<ProgramName, string>;
  functions: { out_dir: string; sizes: Record<string, number> };
}

const root = resolve(import.meta.dirname, "../../..");

/** The builders are loaded when they are needed: most runs of a few files need none. */
const builders: { [K in keyof Built]: (out_dir: string) => Promise<Built[K]> } = {
  programs: async (out_dir) => (await import("./build-programs.ts")).buildPrograms(out_dir),
  functions: async (out_dir) => {
    const { buildFunctions } = await import("../../../scripts/build.ts");
    return { out_dir, sizes: await buildFunctions({ root, out_dir }) };
  },
};

/** Builds for all workers of a test run, once, what one of them asks for first. Gives what ends that. */
export default async function serveBuilt(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "omoi-built-"));
  const built = new Map<string, Promise<Built[keyof Built]>>();
  const build = (what: keyof Built) => {
    const begun = built.get(what) ?? builders[what](join(folder, what));
    built.set(what, begun);
    return begun;
  };
  const server = createServer(async ({ url }, response) => {
    try {
      response.end(JSON.stringify(await build(url?.slice(1) as keyof Built)));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  const port = await new Promise<number>((listens) => {
    server.listen(0, "127.0.0.1", () => listens((server.address() as { port: number }).port));
  });
  project.provide("built_url", `http://127.0.0.1:${port}/`);
  return async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await Promise.allSettled(built.values());
    rmSync(folder, { recursive: true, force: true });
  };
}

declare module "vitest" {
  export interface ProvidedContext {
    built_url: string;
  }
}
