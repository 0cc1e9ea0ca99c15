import { Problem } from "@omoios/kernel/problem";
import { describe, expect, it } from "vitest";
import { ifMatchVersion } from "./if-match.ts";

describe("ifMatchVersion", () => {
  it("reads the version that an ETag names", () => {
    expect(ifMatchVersion('"12"')).toBe(12);
    expect(ifMatchVersion(' "12" ')).toBe(12);
  });

  it.each([undefined, "*"])("asks for nothing with %s", (header) => {
    expect(ifMatchVersion(header)).toBeUndefined();
  });

  it.each(["12", 'W/"12"', '"abc"', '"1", "2"', ""])("refuses %s, which can match nothing", (header) => {
    expect(() => ifMatchVersion(header)).toThrow(expect.objectContaining({ code: "request.precondition_failed" }));
    expect(() => ifMatchVersion(header)).toThrow(Problem);
  });
});
