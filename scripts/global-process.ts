import type { Plugin } from "esbuild";

/**
 * The SDK imports `node:process` for two of its members. Node then reads all of them for the module, and so opens the standard streams: some
 * milliseconds of each cold start. The global has them for nothing.
 */
export const globalProcess: Plugin = {
  name: "global-process",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:process$/ }, ({ path }) => ({ path, namespace: "global-process" }));
    onLoad({ filter: /.*/, namespace: "global-process" }, () => ({
      contents: "export const { env, versions } = process; export default process;",
    }));
  },
};
