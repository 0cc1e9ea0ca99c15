import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { BASE_PATH } from "@omoios/contracts/routes/route";
import { onceResolved } from "@omoios/kernel/once";
import type { Hono } from "hono";
import type { ApiEnv } from "./call.ts";
import type { Documents } from "./docs/make-documents.ts";

const CACHE = { "Cache-Control": "public, max-age=300" };

/** What there is to see at this address, for who opens it without knowing. */
const PLACES = {
  name: "OmoiOS",
  api: BASE_PATH,
  docs: "/docs",
  openapi: "/openapi.json",
  health: `${BASE_PATH}/health`,
};

/** Serves `/`, which leads to what is here, and `/openapi.json` and `/docs` from the files that the build left beside the bundle; from source they are made when first asked for. */
export function mountDocuments(api: Hono<ApiEnv>): void {
  const read = {
    openapi: onceResolved(() => document("openapi.json")),
    docs: onceResolved(() => document("docs.html")),
  };
  api.get("/", (c) => {
    c.header("Vary", "Accept");
    const inBrowser = c.req.header("accept")?.includes("text/html") === true;
    return inBrowser ? c.redirect(PLACES.docs) : c.json(PLACES);
  });
  api.get("/openapi.json", async (c) =>
    c.body(await read.openapi(), 200, { ...CACHE, "Content-Type": "application/json" }),
  );
  api.get("/docs", async (c) => {
    const page = await read.docs();
    return c.body(page, 200, {
      ...CACHE,
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": pagePolicy(page),
    });
  });
}

async function document(name: keyof Documents): Promise<string> {
  try {
    return await readFile(new URL(`./${name}`, import.meta.url), "utf8");
  } catch (failure) {
    if (!(failure instanceof Error && "code" in failure && failure.code === "ENOENT")) throw failure;
  }
  // A path that the bundler cannot follow keeps the maker, and zod's JSON Schema with it, out of the functions' bundles.
  const maker = new URL("./docs/make-documents.ts", import.meta.url).href;
  const { makeDocuments } = (await import(/* @vite-ignore */ maker)) as typeof import("./docs/make-documents.ts");
  return makeDocuments()[name];
}

/** The page runs nothing and loads nothing; its one style sheet is known by its hash. */
function pagePolicy(page: string): string {
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
