import { defineConfig } from "vitest/config";

/** What is too long for the test command: `npm run test:long`. */
export default defineConfig({
  test: {
    exclude: ["**/node_modules/**"],
    globalSetup: ["tests/harness/built/serve-built.ts"],
    include: ["{packages,tests}/**/*.long.ts"],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    // What runs in virtual time keeps one core busy; what waits for real processes has the other.
    maxWorkers: 2,
    reporters: process.env.CI ? ["verbose", ["json", { outputFile: ".build/tests-long.json" }]] : ["verbose"],
  },
});
