import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { makeRepository } from "../repository.ts";
import { digestOf, digestOfFolder } from "./digest.mjs";
import { archive } from "./git.mjs";
import { extractTar, readTar } from "./tar.mjs";

const folder = mkdtempSync(join(tmpdir(), "omoi-tar-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("an archive of git, plain or gzipped, gives the files of the commit with their modes", async () => {
  const repository = await makeRepository(folder);
  const tar = await archive(repository, "v1.0.0");
  const library = new URL("../library/", import.meta.url);
  const files = readTar(tar);
  expect(files.map(({ path }) => path)).toContain("src/parse.js");
  for (const { path, content } of files) expect(content.equals(readFileSync(new URL(path, library)))).toBe(true);
  expect(readTar(gzipSync(tar))).toEqual(files);
  extractTar(tar, join(folder, "out"));
  expect(statSync(join(folder, "out/bin/plaincsv.js")).mode & 0o111).toBe(0o111);
  expect(digestOfFolder(join(folder, "out"))).toEqual(digestOf(files));
});

test("an entry that leaves the archive is refused", () => {
  const header = Buffer.alloc(1024);
  header.write("../evil");
  header.write("00000000000", 124);
  header.write("0", 156);
  expect(() => readTar(header)).toThrow("../evil");
});

test("the digest depends on paths and contents, and not on the order", () => {
  const [a, b] = [
    { path: "a", content: Buffer.from("1") },
    { path: "b", content: Buffer.from("2") },
  ];
  expect(digestOf([a, b])).toEqual(digestOf([b, a]));
  expect(digestOf([a]).sha256).not.toBe(digestOf([{ ...a, path: "c" }]).sha256);
  expect(digestOf([a]).sha256).not.toBe(digestOf([{ ...a, content: Buffer.from("2") }]).sha256);
});
