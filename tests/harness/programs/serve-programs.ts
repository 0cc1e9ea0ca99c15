import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildPrograms } from "./build-programs.ts";

/** Builds the programs once for all workers of a test run, when one of them asks for them first. Gives what ends that. */
export default async function servePrograms(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "omoi-programs-"));
  let built: ReturnType<typeof buildPrograms> | undefined;
  const server = createServer(async (_request, response) => {
    try {
      built ??= buildPrograms(folder);
      response.end(JSON.stringify(await built));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  const port = await new Promise<number>((listens) => {
    server.listen(0, "127.0.0.1", () => listens((server.address() as { port: number }).port));
  });
  project.provide("programs_url", `http://127.0.0.1:${port}/`);
  return async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await built?.catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  };
}

declare module "vitest" {
  export interface ProvidedContext {
    programs_url: string;
  }
}
