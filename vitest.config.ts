import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{packages,functions,stacks,scripts,tests}/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/demo/library/**"],
    testTimeout: 90_000,
    hookTimeout: 90_000,
    // CI counts the tests from the report.
    reporters: process.env.CI ? ["dot", ["json", { outputFile: ".build/tests.json" }]] : ["dot"],
  },
});
