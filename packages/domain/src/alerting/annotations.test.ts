import { jsonBytes } from "@omoios/contracts/shapes/size";
import { expect, test } from "vitest";
import { fittingAnnotations } from "./annotations.ts";

test("what fits stays as it is", () => {
  const annotations = { summary: "Slow", description: "x".repeat(9_900) };
  expect(fittingAnnotations(annotations)).toBe(annotations);
});

test.each([["x"], ["界"], ["🦊"], ['"'], ["\u0001"]])(
  "of too much %j the longest are cut, and the short ones stay",
  (unit) => {
    const long = unit.repeat(200_000);
    const cut = fittingAnnotations({ description: long, summary: "Slow", details: long });
    expect(cut.summary).toBe("Slow");
    for (const name of ["description", "details"]) {
      expect(cut[name]).toMatch(/…$/);
      expect(long.startsWith(cut[name]?.slice(0, -1) ?? "?")).toBe(true);
      expect(jsonBytes(cut[name])).toBeGreaterThan(4_500);
    }
    expect(jsonBytes(cut)).toBeLessThanOrEqual(10_000);
  },
);

test("of many names those that have no room are left out", () => {
  const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`annotation_${n}`, "some words of it"]));
  const cut = fittingAnnotations(many);
  expect(jsonBytes(cut)).toBeLessThanOrEqual(10_000);
  expect(fittingAnnotations({ ["n".repeat(500_000)]: "v", summary: "Slow" })).toEqual({ summary: "Slow" });
});
