import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ssmErrors } from "../../scripts/ssm-errors.ts";
import { root, temporaryFolder } from "./folders.ts";

const outfile = join(temporaryFolder(), "ssm.mjs");
/** Refuses each parameter with the error that it is named after. */
const server = createServer(async (request, response) => {
  let text = "";
  for await (const part of request) text += part;
  const { Name } = JSON.parse(text);
  response.writeHead(400, { "content-type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify({ __type: Name, message: "Refused" }));
});
beforeAll(async () => {
  await build({
    stdin: { contents: 'export * from "@aws-sdk/client-ssm"', resolveDir: join(root, "packages/adapters") },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    plugins: [ssmErrors],
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterAll(() => new Promise((done) => server.close(done)));

test("a bundle tells SSM's errors apart, those that it knows by class and all by name", async () => {
  const { GetParameterCommand, ParameterNotFound, SSMClient }: typeof import("@aws-sdk/client-ssm") = await import(
    pathToFileURL(outfile).href
  );
  const { port } = server.address() as AddressInfo;
  const ssm = new SSMClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: "local",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const refused = (Name: string) => ssm.send(new GetParameterCommand({ Name })).catch((error: Error) => error);
  expect(await refused("ParameterNotFound")).toBeInstanceOf(ParameterNotFound);
  expect(await refused("AccessDeniedException")).toMatchObject({ name: "AccessDeniedException", message: "Refused" });
});
