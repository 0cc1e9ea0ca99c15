import type { Plugin } from "esbuild";

/** The SDK's core reads browsers' user agents with `bowser`, loaded by `import()`: 34 KiB beside each bundle, which runs in none. */
export const noBrowser: Plugin = {
  name: "no-browser",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^bowser$/ }, ({ path }) => ({ path, namespace: "no-browser" }));
    onLoad({ filter: /.*/, namespace: "no-browser" }, () => ({ contents: "export default undefined;" }));
  },
};
