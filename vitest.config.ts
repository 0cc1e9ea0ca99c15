import { defineConfig } from "vitest/config";
import { LongestFirst } from "./tests/harness/longest-first.ts";

export default defineConfig({
  test: {
    include: ["{packages,functions,stacks,scripts,tests}/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/demo/library/**"],
    globalSetup: ["tests/harness/built/serve-built.ts"],
    // Only ends what hangs: what tests have built first takes minutes where others work too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // The files of a worker share what they import, which would be a quarter of all their time.
    isolate: false,
    // Most of what runs here waits for another process: twice as many workers as the smallest machine has cores.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    // CI counts the tests from the report.
    reporters: process.env.CI ? ["dot", ["json", { outputFile: ".build/tests.json" }]] : ["dot"],
  },
});
