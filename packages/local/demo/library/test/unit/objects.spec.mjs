import assert from "node:assert/strict";
import { test } from "node:test";
import { fromObjects, toObjects } from "plaincsv";

test("toObjects: the first row names the fields", () => {
  assert.deepEqual(toObjects([["a", "b"], ["1", "2"], ["3", "4"]]), [{ a: "1", b: "2" }, { a: "3", b: "4" }]);
});

test("toObjects: missing fields are empty, surplus ones are dropped", () => {
  assert.deepEqual(toObjects([["a", "b"], ["1"], ["2", "3", "4"]]), [{ a: "1", b: "" }, { a: "2", b: "3" }]);
});

test("toObjects: of two columns with one name the first counts", () => {
  assert.deepEqual(toObjects([["a", "a"], ["1", "2"]]), [{ a: "1" }]);
});

test("toObjects: no rows are no objects", () => assert.deepEqual(toObjects([]), []));

test("fromObjects: the header holds every name in order of appearance", () => {
  assert.deepEqual(fromObjects([{ a: 1 }, { b: 2, a: 3 }]), [["a", "b"], [1, undefined], [3, 2]]);
});

test("fromObjects: no objects are an empty header", () => assert.deepEqual(fromObjects([]), [[]]));
