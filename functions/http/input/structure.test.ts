import { describe, expect, it } from "vitest";
import { jsonPointer, MAX_FAULTS } from "./faults.ts";
import { MAX_DEPTH, structureFaults } from "./structure.ts";

const faults = (json: string) => structureFaults(JSON.parse(json), jsonPointer);
const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("structureFaults", () => {
  it("lets plain JSON through, NUL and whole characters included", () => {
    expect(faults('{"a":[1,-0,1.5e20,"\\u0000","😀",null,true],"constructor":{},"":0}')).toEqual([]);
  });

  it.each([
    ['{"a":{"__proto__":{"admin":true}}}', "/a/__proto__"],
    ['{"a":["\\ud800"]}', "/a/0"],
    ['{"\\udc00":1}', "/\udc00"],
    ['{"a":1e400}', "/a"],
    ['{"a":-1e126}', "/a"],
    ['{"a":1e-200}', "/a"],
  ])("names the place of the fault in %s", (json, path) => {
    expect(faults(json)).toEqual([{ path, message: expect.any(String) }]);
  });

  it("takes values inside values to the limit and no further", () => {
    expect(faults(nested(MAX_DEPTH))).toEqual([]);
    expect(faults(nested(MAX_DEPTH + 1))).toEqual([
      { path: "/0".repeat(MAX_DEPTH), message: expect.stringContaining("nested") },
    ]);
    expect(faults(nested(100_000))).toHaveLength(1);
  });

  it("tells of so many faults and no more", () => {
    expect(faults(JSON.stringify(Array(MAX_FAULTS + 5).fill(1e300)))).toHaveLength(MAX_FAULTS);
  });
});
