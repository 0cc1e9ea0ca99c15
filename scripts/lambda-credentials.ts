import type { Plugin } from "esbuild";

/**
 * In Lambda, credentials are in the environment and nowhere else. The SDK's default chain would also look in profiles, SSO, web
 * identities and instance metadata, and bring the clients for these along: 130 KiB in each bundle.
 */
export const lambdaCredentials: Plugin = {
  name: "lambda-credentials",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ path, resolveDir }) => ({
      path,
      namespace: "lambda-credentials",
      pluginData: { resolveDir },
    }));
    onLoad({ filter: /.*/, namespace: "lambda-credentials" }, ({ pluginData }) => ({
      contents: 'export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";',
      resolveDir: pluginData.resolveDir,
    }));
  },
};
