import { defineConfig } from "vitest/config";

const exclude = ["**/node_modules/**", "**/demo/library/**"];
const timeouts = { testTimeout: 90_000, hookTimeout: 90_000 };

/** Tests of pure files and of adapters: they share what they import, which is most of their time. */
const RULES = "packages/{adapters,app,contracts,domain,kernel,sdk}/**/*.test.ts";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "rules", include: [RULES], exclude, ...timeouts, isolate: false } },
      {
        test: {
          name: "planes",
          include: ["{packages,functions,stacks,scripts,tests}/**/*.test.ts"],
          exclude: [...exclude, RULES],
          ...timeouts,
        },
      },
    ],
    // Most of what runs here waits for another process: one worker more than the smallest machine has cores.
    maxWorkers: 3,
    // CI counts the tests from the report.
    reporters: process.env.CI ? ["dot", ["json", { outputFile: ".build/tests.json" }]] : ["dot"],
  },
});
