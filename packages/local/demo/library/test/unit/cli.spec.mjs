import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "plaincsv/cli";

const given = (text) => () => text;

test("cli: to-json", () => {
  const { status, stdout } = run(["to-json"], given("a,b\n1,2\n"));
  assert.equal(status, 0);
  assert.deepEqual(JSON.parse(stdout), [{ a: "1", b: "2" }]);
});

test("cli: from-json with another delimiter and quote", () => {
  const { stdout } = run(["from-json", "--delimiter", ";", "--quote", "'"], given('[{"a":"x;y"}]'));
  assert.equal(stdout, "a\n'x;y'\n");
});

test("cli: --help shows the usage", () => {
  const { status, stdout } = run(["--help"], given(""));
  assert.equal(status, 0);
  assert.match(stdout, /^Usage: plaincsv/);
});

for (const [args, message] of [
  [[], /no command given/],
  [["sort"], /unknown command sort/],
  [["to-json", "--loud"], /--loud/],
]) {
  test(`cli: wrong use ${JSON.stringify(args)}`, () => {
    const { status, stderr } = run(args, given(""));
    assert.equal(status, 2);
    assert.match(stderr, message);
  });
}

for (const [args, text] of [
  [["to-json"], '"never closed'],
  [["from-json"], "{"],
  [["from-json"], "{}"],
  [["to-json", "--delimiter", ""], "a\n"],
]) {
  test(`cli: ${args.join(" ")} refuses ${JSON.stringify(text)}`, () => {
    const { status, stdout, stderr } = run(args, given(text));
    assert.equal(status, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /^plaincsv: /);
  });
}

test("cli: a mistake of our own is not hidden", () => {
  assert.throws(() => run(["to-json"], () => { throw new RangeError("bug"); }), RangeError);
});
