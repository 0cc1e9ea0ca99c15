import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../../../..");
const sources = ["packages/adapters/src", "packages/app/src", "functions"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => ({ file: `${folder}/${file}`, text: readFileSync(join(ROOT, folder, file), "utf8") })),
);
const which = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

// A cold start of a function that records no spans must not pay for what would send them.
test("OpenTelemetry stands in one file, which is loaded by `import()` alone", () => {
  expect(which(/"@opentelemetry\//)).toEqual(["packages/adapters/src/telemetry/otlp.ts"]);
  expect(which(/telemetry\/otlp"|\/otlp\.ts"/)).toEqual(["packages/app/src/observe/traces.ts"]);
  expect(which(/from "[^"]*\/otlp(\.ts)?"/)).toEqual([]);
});
