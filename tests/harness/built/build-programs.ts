import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { functions } from "@omoios/contracts/topology";
import type { Plugin } from "esbuild";
import { build } from "../../../scripts/bundler.ts";
import { REQUIRE_BANNER } from "../../../scripts/require-banner.ts";

const root = resolve(import.meta.dirname, "../../..");

/** Programs of ours that tests start as processes of their own. */
const SOURCES = {
  omoi: 'import "./packages/cli/src/main.ts";',
  plane: planeSource(),
  "plane-that-echoes": 'import "./packages/local/src/command.fixture.ts";',
  "simulation-worker": 'import "./tests/simulation/worker.ts";',
} as const;

export type ProgramName = keyof typeof SOURCES;

/**
 * Bundles the programs from the same source that they run from otherwise: a process then starts in a third of the processor time, most of which
 * goes into finding and translating some two thousand files. Gives where each of them is.
 * @param folder is made, and gets the programs
 */
export async function buildPrograms(folder: string): Promise<Record<ProgramName, string>> {
  await build({
    absWorkingDir: root,
    entryPoints: Object.keys(SOURCES).map((name) => ({ in: `program:${name}`, out: name })),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    target: "node20",
    format: "esm",
    mainFields: ["module", "main"],
    banner: { js: REQUIRE_BANNER },
    // As from source: errors and profiles show the names of functions.
    keepNames: true,
    plugins: [sources, places],
    logLevel: "warning",
  });
  const names = Object.keys(SOURCES) as ProgramName[];
  return Object.fromEntries(names.map((name) => [name, join(folder, `${name}.mjs`)])) as Record<ProgramName, string>;
}

/** `npm start`, with functions that the bundler has seen. */
function planeSource(): string {
  const loaded = functions.map(({ entry }) => `${JSON.stringify(entry)}: () => import("./${entry}")`);
  return `
    import { runPlane } from "@omoios/local/command";
    import { stageWork } from "@omoios/local/stage-work";
    const functions = { ${loaded.join(", ")} };
    await runPlane(process.argv.slice(2), { ...stageWork, load: (entry) => functions[entry]() });
  `;
}

const sources: Plugin = {
  name: "sources",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^program:/ }, ({ path }) => ({ path: path.slice("program:".length), namespace: "program" }));
    onLoad({ filter: /./, namespace: "program" }, ({ path }) => ({
      contents: SOURCES[path as ProgramName],
      resolveDir: root,
    }));
  },
};

/** A file of ours is where its source is: from there it finds what is beside it. */
const places: Plugin = {
  name: "places",
  setup({ onLoad }) {
    onLoad({ filter: /\/(packages|functions|tests)\/[^/].*\.ts$/ }, async ({ path }) => {
      if (path.includes("/node_modules/")) return undefined;
      const text = await readFile(path, "utf8");
      if (!text.includes("import.meta.")) return undefined;
      const own = { url: pathToFileURL(path).href, dirname: dirname(path) };
      const contents = text.replace(/\bimport\.meta\.(url|dirname)\b/g, (_, name: keyof typeof own) =>
        JSON.stringify(own[name]),
      );
      return { contents, loader: "ts" };
    });
  },
};
