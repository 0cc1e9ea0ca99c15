import { describe, expect, it } from "vitest";
import { matches } from "./pattern.ts";

const event = {
  source: "omoi.tasks",
  "detail-type": "task.completed",
  account: "000000000000",
  detail: {
    name: "Build the Parser",
    empty: "",
    nothing: null,
    flag: true,
    count: 5,
    ratio: -2.5,
    huge: 6e9,
    address: "10.0.0.17",
    address6: "2001:db8::17",
    tags: ["red", "green"],
    numbers: [1, 20],
    none: [],
    deep: { state: "open" },
    steps: [
      { kind: "a", ok: true },
      { kind: "b", ok: false, note: "late" },
    ],
  },
};

/** field of `detail`, what the pattern lists for it, whether it matches */
const cases: [string, unknown, boolean][] = [
  ["name", ["Build the Parser"], true],
  ["name", ["build the parser"], false],
  ["name", ["other", "Build the Parser"], true],
  ["empty", [""], true],
  ["empty", [null], false],
  ["nothing", [null], true],
  ["nothing", [""], false],
  ["missing", [null], false],
  ["missing", [""], false],
  ["flag", [true], true],
  ["flag", ["true"], false],
  ["count", [5], true],
  ["count", ["5"], false],
  ["tags", ["green"], true],
  ["tags", ["blue"], false],
  ["none", ["green"], false],
  ["deep", ["open"], false],

  ["name", [{ prefix: "Build" }], true],
  ["name", [{ prefix: "build" }], false],
  ["name", [{ prefix: "" }], true],
  ["name", [{ prefix: { "equals-ignore-case": "bUILD" } }], true],
  ["name", [{ suffix: "Parser" }], true],
  ["name", [{ suffix: "parser" }], false],
  ["name", [{ suffix: { "equals-ignore-case": "PARSER" } }], true],
  ["count", [{ prefix: "5" }], false],
  ["tags", [{ prefix: "gr" }], true],

  ["name", [{ "equals-ignore-case": "BUILD THE PARSER" }], true],
  ["name", [{ "equals-ignore-case": "BUILD THE" }], false],

  ["name", [{ "anything-but": "other" }], true],
  ["name", [{ "anything-but": "Build the Parser" }], false],
  ["name", [{ "anything-but": ["other", "Build the Parser"] }], false],
  ["count", [{ "anything-but": 5 }], false],
  ["count", [{ "anything-but": [4, 6] }], true],
  ["count", [{ "anything-but": ["5"] }], true],
  ["nothing", [{ "anything-but": "x" }], true],
  ["missing", [{ "anything-but": "x" }], false],
  ["tags", [{ "anything-but": "red" }], true],
  ["tags", [{ "anything-but": ["red", "green"] }], false],
  ["name", [{ "anything-but": { prefix: "Build" } }], false],
  ["name", [{ "anything-but": { prefix: "Test" } }], true],
  ["name", [{ "anything-but": { prefix: ["Test", "Build"] } }], false],
  ["name", [{ "anything-but": { suffix: "Parser" } }], false],
  ["name", [{ "anything-but": { suffix: ["Lexer", "Tree"] } }], true],
  ["name", [{ "anything-but": { "equals-ignore-case": "build the parser" } }], false],
  ["name", [{ "anything-but": { "equals-ignore-case": ["x", "y"] } }], true],
  ["name", [{ "anything-but": { wildcard: "*the*" } }], false],
  ["name", [{ "anything-but": { wildcard: ["*lexer", "x*"] } }], true],

  ["count", [{ numeric: ["=", 5] }], true],
  ["count", [{ numeric: [">", 5] }], false],
  ["count", [{ numeric: [">=", 5] }], true],
  ["count", [{ numeric: ["<", 5] }], false],
  ["count", [{ numeric: ["<=", 5] }], true],
  ["count", [{ numeric: [">", 0, "<=", 5] }], true],
  ["count", [{ numeric: [">", 0, "<", 5] }], false],
  ["ratio", [{ numeric: [">=", -3, "<", -2] }], true],
  ["huge", [{ numeric: [">", 0] }], false],
  ["account", [{ numeric: ["=", 0] }], false],
  ["numbers", [{ numeric: [">", 10] }], true],
  ["name", [{ numeric: [">", 0] }], false],

  ["name", [{ exists: true }], true],
  ["empty", [{ exists: true }], true],
  ["nothing", [{ exists: true }], true],
  ["missing", [{ exists: true }], false],
  ["missing", [{ exists: false }], true],
  ["name", [{ exists: false }], false],
  ["none", [{ exists: false }], true],
  ["deep", [{ exists: true }], false],
  ["missing", [{ exists: false }, "x"], true],
  ["name", [{ exists: false }, "x"], false],

  ["address", [{ cidr: "10.0.0.0/24" }], true],
  ["address", [{ cidr: "10.0.1.0/24" }], false],
  ["address", [{ cidr: "0.0.0.0/0" }], true],
  ["address", [{ cidr: "10.0.0.17/32" }], true],
  ["address", [{ cidr: "2001:db8::/32" }], false],
  ["address6", [{ cidr: "2001:db8::/32" }], true],
  ["address6", [{ cidr: "2001:db9::/32" }], false],
  ["name", [{ cidr: "10.0.0.0/8" }], false],

  ["name", [{ wildcard: "Build*Parser" }], true],
  ["name", [{ wildcard: "*" }], true],
  ["empty", [{ wildcard: "*" }], true],
  ["name", [{ wildcard: "Build" }], false],
  ["name", [{ wildcard: "*the*the*" }], false],
  ["name", [{ wildcard: "B*r*r" }], true],
  ["name", [{ wildcard: "B*r*r*r" }], false],

  ["deep", { state: ["open"] }, true],
  ["deep", { state: ["open"], other: [{ exists: false }] }, true],
  ["missing", { state: [{ exists: false }] }, true],
  ["name", { state: ["open"] }, false],
  ["steps", { kind: ["b"] }, true],
  ["steps", { kind: ["a"], ok: [false] }, false],
  ["steps", { kind: ["b"], ok: [false] }, true],
  ["steps", { note: [{ exists: false }] }, false],
  ["steps", { kind: ["a"], note: [{ exists: false }] }, true],
];

describe("matches", () => {
  it.each(cases)("%s against %j: %s", (field, accepted, expected) => {
    expect(matches({ detail: { [field]: accepted } }, event)).toBe(expected);
  });

  it("wants every field named", () => {
    expect(matches({ source: ["omoi.tasks"], "detail-type": ["task.completed"] }, event)).toBe(true);
    expect(matches({ source: ["omoi.tasks"], "detail-type": ["task.failed"] }, event)).toBe(false);
  });

  it.each([
    [{ $or: [{ source: ["x"] }, { "detail-type": ["task.completed"] }] }, true],
    [{ $or: [{ source: ["x"] }, { "detail-type": ["task.failed"] }] }, false],
    [{ account: ["1"], $or: [{ source: ["omoi.tasks"] }, { source: ["y"] }] }, false],
    [{ detail: { $or: [{ count: [{ numeric: ["<", 3] }] }, { flag: [true] }] } }, true],
    [{ detail: { steps: { ok: [true], $or: [{ kind: ["b"] }, { kind: ["c"] }] } } }, false],
    [{ $or: [{ source: ["x"] }, { $or: [{ source: ["y"] }, { account: ["000000000000"] }] }] }, true],
  ])("%j: %s", (pattern, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  it("takes escaped stars and backslashes for themselves", () => {
    const test = (wildcard: string, text: string) => matches({ a: [{ wildcard }] }, { a: text });
    expect(test("a\\*b*", "a*bc")).toBe(true);
    expect(test("a\\*b", "axb")).toBe(false);
    expect(test("a\\\\*", "a\\xyz")).toBe(true);
    expect(test("*\\**", "a*b")).toBe(true);
    expect(test("ab*ba", "aba")).toBe(false);
  });

  it("looks at own fields only", () => {
    expect(matches({ toString: [{ exists: false }] }, {})).toBe(true);
  });
});
