import { describe, expect, it } from "vitest";
import { parseMatcher } from "./matcher.ts";

const matches = (text: string, value?: string) => {
  const read = parseMatcher(text);
  if (!read.ok) throw new Error(read.fault);
  return read.matcher.matches(value === undefined ? {} : { phase: value });
};

describe("matchers", () => {
  it.each([
    ['phase="test"', "test", true],
    ["phase = test", "test", true],
    ['phase="test"', "tests", false],
    ['phase=""', undefined, true],
    ['phase=""', "test", false],
    ['phase!="test"', undefined, true],
    ['phase!="test"', "test", false],
    ['phase=~"te.t|build"', "build", true],
    ['phase=~"te"', "test", false],
    ['phase=~"a|b"', "ac", false],
    ['phase=~".*"', undefined, true],
    ['phase=~".+"', undefined, false],
    ['phase=~"(?i)TEST"', "test", true],
    ['phase=~"a.b"', "a\nb", true],
    ['phase=~"\\d+"', "42", true],
    ['phase!~"te.t"', "test", false],
    ['phase!~"te"', "test", true],
    ['phase!~".+"', undefined, true],
    ['phase="say \\"x\\""', 'say "x"', true],
  ])("%s of %s: %s", (text, value, expected) => {
    expect(matches(text, value)).toBe(expected);
  });

  it.each([
    ["", "is no matcher"],
    ["phase", "is no matcher"],
    ['="x"', "is no matcher"],
    ["phase==x", "does not end"],
    ['phase="x', "does not end"],
    ['phase=~"("', "Unterminated group"],
    ['phase=~"a(?=b)"', "looking around and back references"],
    ['phase=~"(a)\\\\1"', "looking around and back references"],
    ['phase=~"(a+)+"', "repeats `(a+)`"],
    ['phase=~"(a|a)*"', "repeats `(a|a)`"],
    ['phase=~"((a*)b){2,}"', "repeats `((a*)b)`"],
    ['phase=~"(?:aa?)+"', "repeats `(?:aa?)`"],
    ['phase=~"(a{1,2}){30}"', "repeats `(a{1,2})`"],
    [`phase=~"${"x".repeat(501)}"`, "more than 500 characters"],
  ])("%s is refused: %s", (text, fault) => {
    const read = parseMatcher(text);
    expect(read.ok ? "" : read.fault).toContain(fault);
  });

  it.each(["(ab)+c*", "[(+]*x", "(a+|b)?", "(?:\\\\d{4}-)+", "(a|b){2}", "PHASE_(TESTING|DEPLOYMENT)"])(
    "takes %s, which costs nothing",
    (pattern) => {
      expect(parseMatcher(`phase=~"${pattern}"`).ok).toBe(true);
    },
  );
});
