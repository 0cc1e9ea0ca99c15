import { describe, expect, it } from "vitest";
import { holds } from "./condition.ts";
import { parseCondition } from "./parse-condition.ts";

function judged(text: string, value: number, labels: Record<string, string> = {}): boolean {
  const read = parseCondition(text);
  if (!read.ok) throw new Error(`${text}: ${read.message}`);
  return holds(read.condition, value, labels);
}

describe("each operator at, below and above its bound", () => {
  it.each([
    [">", false, false, true],
    [">=", false, true, true],
    ["<", true, false, false],
    ["<=", true, true, false],
    ["==", false, true, false],
    ["!=", true, false, true],
  ])("value %s 2", (operator, below, at, above) => {
    const text = `value ${operator} 2`;
    expect([1.999, 2, 2.001].map((value) => judged(text, value))).toEqual([below, at, above]);
    expect([-3, -2, -1].map((value) => judged(`value${operator}-2`, value))).toEqual([below, at, above]);
  });

  it.each([
    ['labels.phase_id == "A"', { phase_id: "A" }, true],
    ['labels.phase_id == "A"', { phase_id: "a" }, false],
    ['labels.phase_id == "A"', {}, false],
    ['labels.phase_id != "A"', { phase_id: "B" }, true],
    ['labels.phase_id != "A"', { phase_id: "A" }, false],
    // A missing label is empty.
    ['labels.phase_id == ""', {}, true],
    ['labels.phase_id != ""', {}, false],
    ['labels.phase_id == "say \\"hi\\" \\\\"', { phase_id: 'say "hi" \\' }, true],
  ])("%s of %j", (text, labels, expected) => {
    expect(judged(text, 0, labels)).toBe(expected);
  });
});

describe("joining", () => {
  it.each([
    // `and` goes before `or`.
    ["value > 10 or value > 2 and value < 4", 3, true],
    ["value > 10 or value > 2 and value < 4", 5, false],
    ["value > 10 or value > 2 and value < 4", 11, true],
    ["(value > 10 or value > 2) and value < 4", 11, false],
    ["value < 4 and value > 2 or value > 10", 11, true],
    ["((value > 2))", 3, true],
    ['value > 20 and labels.a == "x"', 21, true],
    ['value > 20 and (labels.a == "y" or labels.b == "")', 21, true],
    ['value > 20 and labels.a == "y"', 21, false],
    ["value>2\n  and\tvalue<4", 3, true],
    ["value > .5 and value < 1e3", 999, true],
    ["value > -1.5e-3", -0.001, true],
  ])("%s with %d", (text, value, expected) => {
    expect(judged(text, value, { a: "x" })).toBe(expected);
  });
});

describe("each mistake has its place, and a suggestion where one is near", () => {
  it.each<[string, number, string]>([
    ["", 0, "is empty: write a comparison, such as `value > 2`"],
    ["   ", 0, "is empty: write a comparison, such as `value > 2`"],
    ["valeu > 2", 0, "unknown word `valeu`. Did you mean `value`?"],
    ['value > 2 and lables.phase_id == "A"', 14, "unknown word `lables.phase_id`. Did you mean `labels.phase_id`?"],
    ["rate(value) > 2", 0, "unknown word `rate`."],
    ["not value > 2", 0, "there is no `not`: turn the comparison round"],
    ["value", 5, "after `value` stands one of > >= < <= == !=, not the end"],
    ["value 2", 6, "after `value` stands one of > >= < <= == !=, not `2`"],
    ["value = 2", 6, "unknown operator `=`. Did you mean `==`?"],
    ["value => 2", 6, "unknown operator `=>`. Did you mean `>=`?"],
    ["value <> 2", 6, "unknown operator `<>`. Did you mean `!=`?"],
    ["value =~ 2", 6, "unknown operator `=~`. There are > >= < <= == !=."],
    ["value > 2 && value < 4", 10, "unknown operator `&&`. Did you mean `and`?"],
    ["value > 2 || value < 4", 10, "unknown operator `||`. Did you mean `or`?"],
    ["value >", 7, "`value` is compared with a number, not with the end."],
    ['value > "2"', 8, '`value` is compared with a number, not with `"2"`. Write `2`.'],
    ["value > 5m", 8, "`5m` is no number. Write it bare, in the metric's own unit: `5`."],
    ["value > 80%", 8, "`80%` is no number. Write it bare, in the metric's own unit: `80`."],
    ["value > 1.2.3", 8, "`1.2.3` is no number."],
    ["value > 1e999", 8, "`1e999` is no number. Write it bare, in the metric's own unit: `1`."],
    ["2 < value", 0, "`value` or `labels.name` stands first, not `2`. Write `value > 2`."],
    ["value > 2 AND value < 4", 10, "`and` or `or` is missing before `AND`. Did you mean `and`?"],
    ["value > 2 adn value < 4", 10, "`and` or `or` is missing before `adn`. Did you mean `and`?"],
    ["1 < value < 4", 0, "`value` or `labels.name` stands first, not `1`. Write `value > 1`."],
    ["value > 2 and", 13, "a comparison is missing here: `value` or `labels.name`, not the end"],
    ["or value > 2", 0, "unknown word `or`."],
    ["(value > 2", 0, "the bracket that opens here is not closed"],
    ["value > 2)", 9, "there is no bracket open that this closes"],
    ["()", 1, "a comparison is missing here: `value` or `labels.name`, not `)`"],
    [`${"(".repeat(21)}value > 1${")".repeat(21)}`, 20, "more than 20 brackets are open here"],
    ['labels == "A"', 0, "`labels` alone is nothing: write `labels.name`"],
    ['labels. == "A"', 0, "`labels.` names no label"],
    ['labels.phase-id == "A"', 0, "`labels.phase-id` names no label"],
    ['labels.a > "A"', 9, "a label is compared by == or !=, not by `>`"],
    ["labels.a == A", 12, 'a label is compared with a text in double quotes. Write `"A"`.'],
    ["labels.a == 5", 12, 'a label is compared with a text in double quotes. Write `"5"`.'],
    ["labels.a == 'A'", 12, '`\'` means nothing here. Texts stand in double quotes: `"A"`.'],
    ['labels.a == "A', 12, 'the text is not closed: end it with `"`'],
    ["value > 2;", 9, "`;` means nothing here."],
    ["value > 2 # high", 10, "`#` means nothing here."],
    ["value > 2 😀", 10, "`😀` means nothing here."],
  ])("%j", (text, at, message) => {
    expect(parseCondition(text)).toEqual({ ok: false, at, message });
  });
});
