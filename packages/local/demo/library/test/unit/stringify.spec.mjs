import assert from "node:assert/strict";
import { test } from "node:test";
import { stringify } from "plaincsv";

test("stringify: fields, rows and other values", () => {
  assert.equal(stringify([["a", 1], [true, null], [undefined, ""]]), "a,1\ntrue,\n,\n");
});

test("stringify: quotes what could be misread, and nothing else", () => {
  assert.equal(stringify([["a,b", 'c"d', "e\nf", "g\rh", "i j"]]), '"a,b","c""d","e\nf","g\rh",i j\n');
});

test("stringify: another dialect", () => {
  const options = { delimiter: ";", quote: "'", newline: "\r\n" };
  assert.equal(stringify([["a;b", "c,d"], ["it's", "x"]], options), "'a;b';c,d\r\n'it''s';x\r\n");
});

test("stringify: no rows are no text", () => assert.equal(stringify([]), ""));
