import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Metafile } from "esbuild";
import { makeDocuments } from "../functions/http/docs/make-documents.ts";
import { writeConfiguration } from "../packages/app/src/built-configuration.ts";
import { readConfiguration } from "../packages/app/src/configuration.ts";
import type { Variables } from "../packages/app/src/environment.ts";
import { http } from "../packages/contracts/src/doors.ts";
import { functions } from "../packages/contracts/src/topology.ts";
import { functionsDir } from "../stacks/built-functions.ts";
import { builtConfiguration } from "./built-configuration.ts";
import { build } from "./bundler.ts";
import { globalProcess } from "./global-process.ts";
import { lambdaCredentials } from "./lambda-credentials.ts";
import { leanFetch } from "./lean-fetch.ts";
import { neverLoaded } from "./never-loaded.ts";
import { REQUIRE_BANNER } from "./require-banner.ts";
import { routeSummaries } from "./route-summaries.ts";
import { sdkSchemas } from "./sdk-schemas.ts";
import { sdkVersions } from "./sdk-versions.ts";
import { zodWithoutJit } from "./zod-without-jit.ts";

export interface BuildOptions {
  /** The root of the repository: entries and `config/` are found from here. */
  root: string;
  /** Gets a folder for each function and `meta.json`, esbuild's account of what is in each bundle. */
  out_dir: string;
  /** Another configuration than `config/`. */
  config_dir?: string;
  /** The one function that is wanted; all where it is left out. */
  only?: string;
  /** Values over those of the files, as `OMOI_WATCHDOG__…` and `OMOI_LIMITS__…`: what is built with them is deployed with them. */
  variables?: Variables;
}

/**
 * Bundles the functions of the topology to `<out_dir>/<name>/index.mjs`, with what it reads of the configuration beside it and, for
 * HTTP functions, the API's documents. What a function loads by `import()` lies beside it as well: a cold start reads no more than it
 * needs. The stages' settings are not among it, so that a change of them changes no bundle.
 * @returns the bundles' sizes in KiB by function, all of their parts together
 */
export async function buildFunctions({
  root,
  out_dir,
  config_dir,
  only,
  variables = {},
}: BuildOptions): Promise<Record<string, number>> {
  await rm(out_dir, { recursive: true, force: true });
  const configuration = readConfiguration(config_dir ?? join(root, "config"), variables);
  const meta: Metafile = { inputs: {}, outputs: {} };
  const sizes: Record<string, number> = {};
  for (const { name, entry } of functions) {
    if (only !== undefined && name !== only) continue;
    const folder = join(out_dir, name);
    const { inputs, outputs } = await bundle(root, entry, folder);
    Object.assign(meta.inputs, inputs);
    Object.assign(meta.outputs, outputs);
    sizes[name] = Object.values(outputs).reduce((sum, { bytes }) => sum + bytes, 0) / 1024;
    await mkdir(join(folder, "config"));
    writeConfiguration(join(folder, "config"), configuration);
    if (http.some((row) => row.function === name)) await writeDocuments(folder);
  }
  await writeFile(join(out_dir, "meta.json"), JSON.stringify(meta));
  return sizes;
}

async function bundle(root: string, entry: string, folder: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [{ in: entry, out: "index" }],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    minify: true,
    platform: "node",
    target: "node22",
    format: "esm",
    mainFields: ["module", "main"],
    banner: { js: REQUIRE_BANNER },
    plugins: [
      lambdaCredentials,
      builtConfiguration,
      leanFetch,
      neverLoaded,
      routeSummaries,
      sdkSchemas,
      sdkVersions,
      globalProcess,
      zodWithoutJit,
    ],
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  return metafile;
}

/** The API's documents lie beside the functions that serve them: making them at a cold start would take too long. */
async function writeDocuments(folder: string): Promise<void> {
  for (const [name, text] of Object.entries(makeDocuments())) await writeFile(join(folder, name), text);
}

if (import.meta.filename === resolve(process.argv[1] ?? "")) {
  const root = resolve(import.meta.dirname, "..");
  const sizes = await buildFunctions({ root, out_dir: functionsDir(root), variables: process.env });
  for (const [name, kib] of Object.entries(sizes)) console.log(`${name.padEnd(24)}${kib.toFixed(0).padStart(6)} KiB`);
}
