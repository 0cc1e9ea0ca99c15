import { expect, it } from "vitest";
import { pointerTo } from "./json-pointer.ts";

it.each<[PropertyKey[], string]>([
  [[], ""],
  [["tasks", 0, "title"], "/tasks/0/title"],
  [["a/b", "c~d", "~1"], "/a~1b/c~0d/~01"],
  [[""], "/"],
])("%j is %j", (path, pointer) => {
  expect(pointerTo(path)).toBe(pointer);
});
