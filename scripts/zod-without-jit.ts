import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

const SETTINGS = "export const globalConfig = globalThis.__zod_globalConfig;";

/**
 * Zod compiles a parser for each schema of an object that is asked for the first time. A function asks most of its schemas a few times in
 * its life, and pays for that at its cold start. Set where zod's settings are made, as its schemas look at them when they are made themselves.
 */
export const zodWithoutJit: Plugin = {
  name: "zod-without-jit",
  setup({ onLoad }) {
    onLoad({ filter: /zod[\\/]v4[\\/]core[\\/]core\.js$/ }, async ({ path }) => {
      const whole = await readFile(path, "utf8");
      const contents = whole.replace(SETTINGS, `${SETTINGS}\nglobalConfig.jitless = true;`);
      if (contents === whole)
        throw new Error(`${path} makes its settings in another way: look how it is told to compile nothing.`);
      return { contents };
    });
  },
};
