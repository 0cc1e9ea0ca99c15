import { join } from "node:path";
import type { Plugin } from "esbuild";

/**
 * A bundle reads the configuration that the build has read and judged, so that neither the YAML parser (110 KiB) nor the files'
 * checks are in it: `configuration.ts` of the app is `built-configuration.ts` there.
 */
export const builtConfiguration: Plugin = {
  name: "built-configuration",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/configuration\.ts$/ }, ({ resolveDir }) => ({
      path: join(resolveDir, "built-configuration.ts"),
    }));
  },
};
