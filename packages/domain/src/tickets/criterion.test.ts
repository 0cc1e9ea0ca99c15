import { describe, expect, test } from "vitest";
import { criterion, type Evidence, judgeCriterion } from "./criterion.ts";

const artifact = (type: string, metadata: Record<string, unknown> = {}, content: string | null = null): Evidence => ({
  type,
  metadata,
  content,
});
const coverage = (coverage_percent: unknown) => artifact("test_coverage", { coverage_percent });

describe("reasons say what is expected and what is there", () => {
  const reason = (asked: unknown, artifacts: Evidence[]) => judgeCriterion(criterion.parse(asked), artifacts);

  test.each<[Record<string, unknown>, Evidence, unknown, unknown, string]>([
    [
      { metadata: "coverage_percent", at_least: 80, at_most: 100 },
      coverage(79.9),
      "at least 80 and at most 100",
      79.9,
      "must be at least 80 and at most 100: is 79.9",
    ],
    [
      { metadata: "coverage_percent", at_least: 80 },
      coverage("80"),
      "at least 80",
      "80",
      'must be at least 80: is "80"',
    ],
    [{ metadata: "other", is: "x" }, coverage(80), "x", null, 'must be "x": its metadata does not say'],
    [
      { measure: "sections", contains_all: ["scope", "risks"] },
      artifact("test_coverage", {}, "# Scope"),
      ["scope", "risks"],
      ["scope"],
      'must contain scope, risks: is ["scope"], lacks risks',
    ],
    [
      { measure: "characters", at_least: 5 },
      artifact("test_coverage"),
      "at least 5",
      null,
      "its content was not handed in",
    ],
    [{ metadata: "coverage_percent", is: true }, coverage({ deep: 1 }), true, "a map", 'is "a map"'],
    [
      { metadata: "coverage_percent", is: true },
      coverage("y".repeat(5_000)),
      true,
      `${"y".repeat(100)}…`,
      "must be true",
    ],
    [
      { metadata: "coverage_percent", is: true },
      coverage(`y${"🦊".repeat(100)}`),
      true,
      `y${"🦊".repeat(49)}…`,
      "must be true",
    ],
  ])("%j", (asked, given, expected, actual, message) => {
    const found = reason({ artifact: "test_coverage", ...asked }, [given]);
    expect(found).toMatchObject({ artifact: "test_coverage", expected, actual });
    expect(found?.message).toContain(message);
  });
});
