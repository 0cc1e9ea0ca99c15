import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { http } from "../../packages/contracts/src/doors.ts";
import { functions } from "../../packages/contracts/src/topology.ts";
import { builtFunctions } from "../harness/built/built.ts";
import { root } from "./folders.ts";

const { out_dir, sizes } = await builtFunctions();

interface Meta {
  outputs: Record<string, { entryPoint?: string; exports: string[]; imports: { path: string; external?: boolean }[] }>;
}
const meta: Meta = JSON.parse(readFileSync(join(out_dir, "meta.json"), "utf8"));

test.each(functions)("$name has a handler, and needs nothing but Node and what lies beside it", ({ name, entry }) => {
  const parts = Object.entries(meta.outputs).filter(([path]) => join(root, path).startsWith(join(out_dir, name, "/")));
  expect(parts.find(([, { entryPoint }]) => entryPoint === entry)?.[1].exports).toContain("handler");
  const needed = parts.flatMap(([, { imports }]) => imports.map(({ path }) => path.replace(/^node:/, "")));
  const own = parts.map(([path]) => path);
  expect(needed.filter((path) => !builtinModules.includes(path) && !own.includes(path))).toEqual([]);
});

// A setting in the bundles' folders would deploy every function again when it changes.
test.each(functions)("$name has the configuration that it reads beside it, and nothing of the stages", ({ name }) => {
  expect(readdirSync(join(out_dir, name, "config"))).toEqual(["built.json"]);
});

const behindApi = functions.filter((row) => http.some((route) => route.function === row.name));

test.each(behindApi)("$name has at most 1 MiB, and the API's documents beside it", ({ name }) => {
  expect(sizes[name]).toBeLessThanOrEqual(1024);
  expect(JSON.parse(readFileSync(join(out_dir, name, "openapi.json"), "utf8"))).toMatchObject({
    openapi: expect.stringMatching(/^3\.1\./),
  });
  expect(readFileSync(join(out_dir, name, "docs.html"), "utf8")).toContain("<html");
});
