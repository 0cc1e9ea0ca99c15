import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/** The clients of AWS read their own package's file to tell its version to the service: of that file a bundle holds nothing else. */
export const sdkVersions: Plugin = {
  name: "sdk-versions",
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk[\\/]client-[\w-]+[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, "utf8")) as { version: string };
      return { contents: JSON.stringify({ version }), loader: "json" };
    });
  },
};
