import { describe, expect, it } from "vitest";
import { matches } from "./pattern.ts";

/** what is wrong, the pattern, what the message says */
const refused: [string, unknown, RegExp][] = [
  ["a list", ["x"], /must be a JSON object/],
  ["nothing", {}, /empty object/],
  ["an empty object inside", { detail: {} }, /detail: an empty object/],
  ["a bare value", { detail: { a: "x" } }, /detail\.a: must be an object or an array/],
  ["an empty list", { a: [] }, /a: an empty list/],
  ["a list in a list", { a: [["x"]] }, /a: a list cannot hold another list/],
  ["an unknown operator", { a: [{ like: "x" }] }, /a: unrecognized match type like/],
  ["two operators", { a: [{ prefix: "x", suffix: "y" }] }, /only one key/],
  ["two operators, one of them exists", { a: [{ exists: true, prefix: "y" }] }, /only one key/],
  ["an empty expression", { a: [{}] }, /must name its type/],
  ["exists of text", { a: [{ exists: "yes" }] }, /exists must be true or false/],
  ["prefix of a number", { a: [{ prefix: 5 }] }, /a\.prefix: must be a string/],
  ["prefix with wildcard", { a: [{ prefix: { wildcard: "x" } }] }, /cannot be combined with wildcard/],
  ["equals-ignore-case of a number", { a: [{ "equals-ignore-case": 5 }] }, /must be a string/],
  ["anything-but of true", { a: [{ "anything-but": true }] }, /must name strings or numbers/],
  ["anything-but of null", { a: [{ "anything-but": [null] }] }, /must name strings or numbers/],
  ["anything-but mixed", { a: [{ "anything-but": ["x", 5] }] }, /all values must be strings, or all numbers/],
  ["anything-but nothing", { a: [{ "anything-but": [] }] }, /excludes nothing/],
  ["anything-but numeric", { a: [{ "anything-but": { numeric: ["=", 5] } }] }, /cannot be combined with numeric/],
  ["anything-but an empty prefix", { a: [{ "anything-but": { prefix: "" } }] }, /must not be empty/],
  ["numeric of a number", { a: [{ numeric: 5 }] }, /must be a list/],
  ["numeric of nothing", { a: [{ numeric: [] }] }, /number from/],
  ["numeric of text", { a: [{ numeric: [">", "5"] }] }, /number from -5e9 to 5e9/],
  ["numeric out of bounds", { a: [{ numeric: [">", 6e9] }] }, /number from -5e9 to 5e9/],
  ["an unknown comparison", { a: [{ numeric: ["!=", 5] }] }, /unrecognized operator "!="/],
  ["an odd range", { a: [{ numeric: [">", 0, "<"] }] }, /one operator and number, or two/],
  ["a range upside down", { a: [{ numeric: ["<", 5, ">", 0] }] }, /lower bound with > or >=/],
  ["an empty range", { a: [{ numeric: [">", 5, "<", 5] }] }, /must be less/],
  ["a malformed block", { a: [{ cidr: "10.0.0.0" }] }, /mask bits/],
  ["too many mask bits", { a: [{ cidr: "10.0.0.0/33" }] }, /mask bits/],
  ["two stars in a row", { a: [{ wildcard: "a**b" }] }, /consecutive wildcards at position 1/],
  ["a strange escape", { a: [{ wildcard: "a\\b" }] }, /invalid escape at position 1/],
  ["$or of one", { $or: [{ a: ["x"] }] }, /\$or: must be a list of at least two/],
  ["$or of values", { $or: ["x", "y"] }, /\$or\[0\]: must be an object/],
];

describe("a pattern that AWS refuses", () => {
  it.each(refused)("%s", (_, pattern, message) => {
    expect(() => matches(pattern, {})).toThrow(message);
  });
});
