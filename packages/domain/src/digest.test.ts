import { expect, test } from "vitest";
import { digest, shortDigest } from "./digest.ts";

test("no two lists of parts read the same", () => {
  const lists: (string | number)[][] = [
    [],
    [""],
    ["", ""],
    ["ab"],
    ["a", "b"],
    ["a,b"],
    ['a","b'],
    ["1"],
    [1],
    [1, 2],
    [12],
  ];
  expect(new Set(lists.map((parts) => shortDigest(...parts))).size).toBe(lists.length);
});

test("it is SHA-256, in whole 32 bytes, in short its first 16 hex characters", () => {
  // sha256 of ["task",7]
  const hex = Buffer.from(digest("task", 7)).toString("hex");
  expect(hex).toHaveLength(64);
  expect(shortDigest("task", 7)).toBe(hex.slice(0, 16));
  expect(shortDigest()).toBe("4f53cda18c2baa0c");
});
