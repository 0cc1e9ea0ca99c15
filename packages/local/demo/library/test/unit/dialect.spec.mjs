import assert from "node:assert/strict";
import { test } from "node:test";
import { CsvError, dialect } from "plaincsv";

test("dialect: the defaults are those of RFC 4180, with a plain line feed", () => {
  assert.deepEqual(dialect(), { delimiter: ",", quote: '"', newline: "\n" });
});

const REFUSED = [
  [{ delimiter: "" }, /^delimiter is ""/],
  [{ delimiter: ";;" }, /^delimiter is ";;"/],
  [{ delimiter: "\n" }, /^delimiter is "\\n"/],
  [{ quote: "" }, /^quote is ""/],
  [{ delimiter: "'", quote: "'" }, /both "'"/],
  [{ newline: "|" }, /^newline is "\|"/],
];

for (const [options, message] of REFUSED) {
  test(`dialect: ${JSON.stringify(options)} is refused`, () => {
    assert.throws(() => dialect(options), (error) => error instanceof CsvError && message.test(error.message));
  });
}
