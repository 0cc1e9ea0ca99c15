import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

const SUMMARY = /\bsummary:\s*"(?:[^"\\]|\\.)*"/g;

/** What routes are for is told by the API's documents, which are made at the build: no function needs the words. 12 KiB in each API function. */
export const routeSummaries: Plugin = {
  name: "route-summaries",
  setup({ onLoad }) {
    onLoad({ filter: /packages[\\/]contracts[\\/]src[\\/]routes[\\/]\w[\w-]*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll(SUMMARY, 'summary: ""'),
      loader: "ts",
    }));
  },
};
