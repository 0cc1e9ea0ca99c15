import assert from "node:assert/strict";
import { test } from "node:test";
import { fromObjects, parse, stringify, toObjects } from "plaincsv";

const AWKWARD = ["plain", "with,comma", 'with "quotes"', "two\nlines", "\r", " spaces ", "ünïcödé", "a;b\tc|d"];

for (const options of [{}, { delimiter: ";" }, { delimiter: "\t", quote: "'" }, { newline: "\r\n" }]) {
  test(`what stringify writes parse reads: ${JSON.stringify(options)}`, () => {
    const rows = [AWKWARD, [...AWKWARD].reverse(), ["", "x"]];
    assert.deepEqual(parse(stringify(rows, options), options), rows);
  });
}

test("objects survive being written and read", () => {
  const people = [{ name: "Ada, Countess", born: "1815" }, { name: 'Grace "Amazing"', born: "1906" }];
  assert.deepEqual(toObjects(parse(stringify(fromObjects(people)))), people);
});
