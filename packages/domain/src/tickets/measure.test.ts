import { describe, expect, test } from "vitest";
import { measure, sections } from "./measure.ts";

test.each([
  ["", 0],
  ["  \n\t ", 0],
  ["  ab c \n", 4],
  // Code points, so that neither accents nor symbols count twice.
  ["äé", 2],
  ["👍🏽", 2],
])("characters of %j", (text, expected) => {
  expect(measure("characters", text)).toBe(expected);
});

describe("sections", () => {
  test.each([
    ["# Scope\ntext\n## Acceptance criteria ##\n", ["scope", "acceptance_criteria"]],
    ["#Scope\n", []],
    ["####### Seven\n", []],
    ["   ### Three blanks\n", ["three_blanks"]],
    ["    # Indented code\n", []],
    ["## 2. Acceptance criteria\n## 1.3 Scope", ["acceptance_criteria", "scope"]],
    ["## **Scope** & `limits`:", ["scope_limits"]],
    ["#\n##   \n# #", []],
    ["# C# and more", ["c_and_more"]],
    ["## Überblick", ["überblick"]],
    // Underlined headings.
    ["Scope\n=====\n\nAcceptance\ncriteria\n---", ["scope", "acceptance_criteria"]],
    ["text\n\n---\n", []],
    ["- item\n---", []],
    ["> quote\n---", []],
    ["# A\n---", ["a"]],
    // What is code or a comment is no heading.
    ["```\n# Scope\n```\n# After", ["after"]],
    ["~~~ md\n# Scope\n```\n~~~\n# After", ["after"]],
    ["````\n```\n# Scope\n````", []],
    ["```\n# Never closed", []],
    ["``` a`b\n# Scope", ["scope"]],
    ["<!-- # Scope -->\n<!--\n# Hidden\n-->\n# Seen", ["seen"]],
    ["# Scope\r\n\r\n# Acceptance criteria\r\n", ["scope", "acceptance_criteria"]],
  ])("%j", (text, expected) => {
    expect(sections(text)).toEqual(expected);
  });

  test("a long line of blanks and hashes is read in no time", () => {
    expect(sections(`# a${" ".repeat(50_000)}#${" #".repeat(20_000)}x`)).toHaveLength(1);
    expect(sections(`#${" \t".repeat(40_000)}`)).toEqual([]);
  });
});
