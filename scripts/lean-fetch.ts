import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "esbuild";

const OURS = join(import.meta.dirname, "../functions/http/lean-fetch.ts");
/** Who makes requests, answers and their headers in a function behind the gateway. */
const MAKERS = /hono[\\/]dist[\\/](context|hono-base|request)\.js$|functions[\\/]http[\\/]lambda\.ts$/;

/** Bundles have `functions/http/lean-fetch.ts` in the place of Node's Fetch. */
export const leanFetch: Plugin = {
  name: "lean-fetch",
  setup({ onLoad }) {
    onLoad({ filter: MAKERS }, async ({ path }) => ({
      contents: `import { Headers, Request, Response } from ${JSON.stringify(OURS)};\n${await readFile(path, "utf8")}`,
      loader: path.endsWith(".ts") ? "ts" : "js",
    }));
  },
};
