import type { Plugin } from "esbuild";

/**
 * What the SDK's core loads by `import()` for work that no function of ours does: `bowser` reads browsers' user agents, the other speaks event
 * streams. 34 and 14 KiB that would lie beside each bundle.
 */
const NEVER_LOADED = /^(bowser|@smithy\/core\/event-streams)$/;

export const neverLoaded: Plugin = {
  name: "never-loaded",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: NEVER_LOADED }, ({ path }) => ({ path, namespace: "never-loaded" }));
    onLoad({ filter: /.*/, namespace: "never-loaded" }, () => ({ contents: "export default undefined;" }));
  },
};
