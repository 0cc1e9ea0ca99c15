import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

// The AWS SDK takes longer to load than most commands take: only who needs it loads it, by `import()`.
test("no command loads the AWS SDK before it runs", () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
  );
  const texts = files.map((file) => ({ file, text: readFileSync(join(import.meta.dirname, file), "utf8") }));
  const uses = texts.filter(({ text }) => text.includes("@omoios/adapters/"));
  expect(uses.length).toBeGreaterThan(0);
  expect(
    texts.filter(({ text }) =>
      /^import (?!type )[^;]*from "(@omoios\/(adapters|app|simulation)|@aws-sdk)\//m.test(text),
    ),
  ).toEqual([]);
});
