import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "@omoios/kernel/problem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runOmoi } from "../harness/run-omoi.ts";
import { type RouteServer, startRouteServer } from "./route-server.ts";

const BEGIN = { kind: "begin", stage: "test", kept_since: 0, kid: "k", hash: "h" };
const END = { kind: "end", last_root: 0, last_page: "", kid: "k", hash: "h" };

let server: RouteServer;
let broken = false;
const folder = mkdtempSync(join(tmpdir(), "omoi-export-"));
const out = join(folder, "audit.ndjson");
beforeAll(async () => {
  server = await startRouteServer({
    exportAudit({ query }) {
      if (query.cursor === undefined) return { items: [BEGIN], next_cursor: "more" };
      if (broken) throw new Problem("auth.forbidden");
      return { items: [END], next_cursor: null };
    },
  });
});
beforeEach(() => {
  broken = false;
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const exported = (file: string) =>
  runOmoi(["audit", "export", "--out", file], { url: server.url, api_key: "omoi_sk_test" });

test("an export replaces what the file held, for its owner's eyes alone", async () => {
  writeFileSync(out, "of old", { mode: 0o644 });
  expect(await exported(out)).toMatchObject({ exit: 0 });
  expect(readFileSync(out, "utf8")).toBe(`${JSON.stringify(BEGIN)}\n${JSON.stringify(END)}\n`);
  expect(statSync(out).mode & 0o777).toBe(0o600);
});

test("an export that breaks off leaves what the file held, and nothing beside it", async () => {
  writeFileSync(out, "of old");
  broken = true;
  expect(await exported(out)).toMatchObject({ exit: 1 });
  expect(readFileSync(out, "utf8")).toBe("of old");
  expect(readdirSync(folder)).toEqual(["audit.ndjson"]);
});

test("a file that cannot be made is wrong use, said in one line", async () => {
  const nowhere = join(folder, "none", "audit.ndjson");
  const { exit, err } = await exported(nowhere);
  expect([exit, err]).toEqual([2, expect.stringContaining(`cannot write ${nowhere}`)]);
  expect(err).not.toContain("    at ");
});
