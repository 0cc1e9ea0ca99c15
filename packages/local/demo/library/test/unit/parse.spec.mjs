import assert from "node:assert/strict";
import { test } from "node:test";
import { CsvError, parse } from "plaincsv";

const CASES = [
  ["fields and rows", "a,b\nc,d\n", [["a", "b"], ["c", "d"]]],
  ["no line break at the end", "a,b\nc,d", [["a", "b"], ["c", "d"]]],
  ["nothing", "", []],
  ["an empty line", "a\n\nb\n", [["a"], [""], ["b"]]],
  ["empty fields within rows", ",a,\n,,\n", [["", "a", ""], ["", "", ""]]],
  ["Windows and old Mac line breaks", "a\r\nb\rc\n", [["a"], ["b"], ["c"]]],
  ["delimiters and line breaks in quotes", '"a,b","c\nd"\n', [["a,b", "c\nd"]]],
  ["doubled quotes", '"say ""hi""",x\n', [['say "hi"', "x"]]],
  ["an empty quoted field", '"",a\n', [["", "a"]]],
  ["a quote within a bare field", 'a"b\n', [['a"b']]],
  ["a byte order mark", "\ufeffa\n", [["a"]]],
];

for (const [name, text, rows] of CASES) {
  test(`parse: ${name}`, () => assert.deepEqual(parse(text), rows));
}

test("parse: another delimiter and quote", () => {
  assert.deepEqual(parse("'a;b';c\n", { delimiter: ";", quote: "'" }), [["a;b", "c"]]);
});

test("parse: a quoted field that is never closed is refused", () => {
  assert.throws(() => parse('a,"b\nc'), CsvError);
});
